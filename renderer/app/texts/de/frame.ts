import type { frame as english } from '../frame.ts';
import { inLanguage, type Translated } from '../language.ts';

const { counted, number } = inLanguage('de');

/** German texts of the frame around the workspaces: menus, tabs, notices, status line. */
export const frame: Translated<typeof english> = {
  app: 'Inkwash',
  windowTitle: (name, unsaved) => `${unsaved ? '• ' : ''}${name} – Inkwash`,
  leave: {
    message: (names) =>
      names.length === 1
        ? `Die Änderungen an ${names[0]} sichern?`
        : `Die Änderungen an ${number(names.length)} Zeichnungen sichern?`,
    detail: (names) =>
      names.length === 1
        ? 'Was nicht gesichert ist, geht verloren, wenn Inkwash schließt.'
        : `${names.slice(0, 20).join('\n')}\n\nWas nicht gesichert ist, geht verloren, wenn Inkwash schließt.`,
    save: (count) => (count === 1 ? 'Sichern' : 'Alle sichern'),
    discard: 'Nicht sichern',
    cancel: 'Abbrechen',
  },

  place: {
    save: 'Zeichnung sichern',
    export: (format) => `Als ${format} exportieren`,
    openRaster: 'OpenRaster',
  },

  connection: {
    refused:
      'Inkwash antwortet nicht. Neu starten mit „inkwash serve“ und die Adresse öffnen, die es ausgibt.',
    lost: 'Die Verbindung zu Inkwash ist abgerissen.',
    restored: 'Wieder verbunden. Zeichnungen und Vorlagen sind wieder da.',
    reconnect: 'Neu verbinden',
    cancelled: 'Abgebrochen.',
  },

  notices: {
    region: 'Meldungen',
    about: (name, note) => `${name}: ${note}`,
    details: 'Einzelheiten',
    retry: 'Noch einmal',
    dismiss: 'Ausblenden',
    exported: (name) => `${name} gesichert.`,
    closeUnsaved: (name) => `${name} enthält ungesicherte Änderungen.`,
    saveAndClose: 'Sichern und schließen',
    closeAnyway: 'Trotzdem schließen',
    notPictures: (names) =>
      `${names}: kein Bild, das Inkwash öffnet (PNG, JPEG, WebP, TIFF, OpenRaster oder PSD).`,
  },

  menus: {
    bar: 'Hauptmenü',
    file: 'Datei',
    edit: 'Bearbeiten',
    image: 'Bild',
    layer: 'Ebene',
    select: 'Auswahl',
    colour: 'Farbe',
    tools: 'Werkzeuge',
    view: 'Ansicht',
    help: 'Hilfe',
  },

  tools: 'Werkzeuge',

  drawings: 'Offene Zeichnungen',

  closeDrawing: (name) => `${name} schließen`,

  unsaved: 'noch nicht gesichert',

  drop: {
    drawing: 'Als Zeichnung öffnen',
    reference: 'Als Vorlage hinzufügen',
    gallery: 'In der Galerie behalten',
  },

  status: {
    label: 'Status',
    size: 'Größe der Zeichnung',
    zoom: 'Zoom: klicken zeigt 100 %',
    rotation: 'Drehung: klicken stellt gerade',
    pointer: 'Stelle unter dem Zeiger',
    threads: (count) => counted(count, 'Thread', 'Threads'),
    connecting: 'verbindet …',
    offline: 'nicht verbunden',
    progress: 'Koloriert',
    left: (seconds) => (seconds < 1 ? 'noch unter 1 s' : `noch ${number(Math.ceil(seconds))} s`),
    stop: 'Kolorieren abbrechen',
  },

  slider: {
    tip: (label) => `${label}: ziehen, tippen, Pfeile oder Mausrad; Doppelklick setzt zurück`,
    edit: (label) => `${label} als Zahl`,
  },

  providers: { cpu: 'CPU', webgpu: 'WebGPU', cuda: 'CUDA', dml: 'DirectML', coreml: 'Core ML' },
};

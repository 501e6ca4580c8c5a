import { inLanguage, type Translated } from '../language.ts';
import type { start as english } from '../start.ts';

const { number } = inLanguage('de');

/** German texts of the start page and new drawings. */
export const start: Translated<typeof english> = {
  start: {
    title: 'Eine Linienzeichnung hierher ziehen',
    formats: 'PNG, JPEG, WebP, TIFF, OpenRaster oder PSD. Die Datei bleibt, wie sie ist.',
    newDrawing: 'Neue Zeichnung …',
    open: 'Zeichnung öffnen …',
    sample: 'Beispiel öffnen',
    opening: 'Wird geöffnet …',
    recent: 'Zuletzt geöffnet',
    clearRecent: 'Liste leeren',
    forget: (name) => `${name} von der Liste nehmen`,
    gone: 'Diese Datei ist nicht mehr da.',
    goneShort: 'nicht mehr da',
    copy: 'Aus einer Kopie geöffnet, die Inkwash aufbewahrt',
    opened: (age) => `Geöffnet ${age}`,
    size: (width, height) => `${number(width)} × ${number(height)} px`,
    justNow: 'gerade eben',
  },

  recovery: {
    title: 'Ungesicherte Zeichnungen',
    why: 'Inkwash endete oder wurde geschlossen, bevor diese gesichert waren. Wiederherstellen öffnet eine Kopie; die Dateien bleiben, wie sie sind.',
    age: (age) => `Kopiert ${age}`,
    recover: 'Wiederherstellen',
    recoverNamed: (name) => `${name} wiederherstellen`,
    discard: 'Verwerfen',
    discardNamed: (name) => `${name} verwerfen`,
    all: 'Alle wiederherstellen',
  },
  newDrawing: {
    title: 'Neue Zeichnung',
    name: (count) => `Zeichnung ${count}`,
    preset: 'Größe',
    presets: {
      a4: 'A4, 300 dpi',
      a5: 'A5, 300 dpi',
      b5: 'B5-Mangaseite, 300 dpi',
      square: 'Quadrat',
      screen: 'Bildschirm, 1920 × 1080',
      custom: 'Andere',
    },
    width: 'Breite',
    height: 'Höhe',
    px: 'px',
    dpi: 'Auflösung',
    dpiUnit: 'dpi',
    turn: 'Drehen',
    paper: 'Weißes Papier unter der Zeichnung',
    create: 'Anlegen',
    wrong: 'Seiten sind ganze Zahlen von 1 bis 16.384 px, zusammen höchstens 64 Millionen Pixel.',
  },
};

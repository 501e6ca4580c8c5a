import type { about as english } from '../about.ts';
import { inLanguage, type Translated } from '../language.ts';

const { counted } = inLanguage('de');

/** German texts of the About and the list of keys. */
export const about: Translated<typeof english> = {
  about: {
    title: 'Inkwash',
    what: 'Koloriert Linienzeichnungen nach Vorlagen, auf dem eigenen Rechner.',
    version: (version) => `Version ${version}`,
    runtime: (version, provider) => `ONNX Runtime ${version} auf ${provider}`,
    models: 'Modelle',
    samples: 'Beispiele',
    packages: (count) => `Enthaltene Software: ${counted(count, 'Paket', 'Pakete')}`,
    methods:
      'Verfahren: das eigene von Inkwash; SCFT nach Lee et al., Reference-Based Sketch Image Colorization, CVPR 2020; nach den öffentlichen Projekten Nerk und Attentioned Deep Paint. Ihre Modelle wurden nur mit frei lizenzierter Kunst trainiert; die Karte jedes Modells nennt die Urheber.',
    licence: 'Inkwash ist freie Software unter der Apache-Lizenz 2.0.',
  },

  shortcuts: {
    title: 'Tastenkürzel',
    search: 'Nach Name oder Taste suchen',
    preset: 'Tasten wie in',
    presets: {
      inkwash: 'Inkwash',
      krita: 'Krita',
      'clip-studio': 'Clip Studio Paint',
      photoshop: 'Photoshop',
    },
    others: 'Anderswo',
    none: 'keine',
    nothing: 'Kein Befehl heißt so oder hat diese Taste.',
    change: (title) => `Tasten für ${title}:`,
    changeTip: 'Anklicken, dann die neuen Tasten drücken; Esc lässt alles, wie es ist',
    press: 'Tasten drücken …',
    remove: (title) => `Keine Tasten für ${title}`,
    reset: (title) => `Übliche Tasten für ${title}`,
    resetAll: 'Alle zurücksetzen',
    save: 'In Datei sichern …',
    load: 'Aus Datei laden …',
    conflict: (keys, titles) => `${keys} gehört schon zu ${titles}.`,
    takeIt: 'Hier verwenden',
    leaveIt: 'Dort lassen',
    taken: (title, keys) => `${title} hat jetzt ${keys}.`,
    imported: (file) => `Die Tastenkürzel aus ${file} gelten jetzt.`,
    notShortcuts: (file) =>
      `${file} enthält keine von Inkwash gesicherten Tastenkürzel. Bitte eine andere Datei wählen.`,
    pointerTitle: 'Zeiger und Stift',
    pointer: [
      ['Mausrad', 'Zum Zeiger hin zoomen'],
      ['Leertaste oder mittlere Taste und ziehen', 'Ansicht verschieben'],
      ['R und ziehen', 'Ansicht drehen; Umschalt rastet bei 15° ein'],
      ['Zwei Finger', 'Verschieben, zoomen und drehen'],
      ['Mit zwei, mit drei Fingern tippen', 'Rückgängig, wiederholen'],
      ['Strg und auf eine Ebene klicken', 'Auswählen, was sie zeigt; Umschalt nimmt hinzu, Alt nimmt weg'],
      ['In einer Auswahl ziehen, mit einem Auswahlwerkzeug', 'Ihren Umriss verschieben'],
      ['Strg und klicken mit Pinsel, Radierer oder Füllung', 'Die Farbe dort aufnehmen'],
      ['Umschalt und klicken mit Pinsel oder Radierer', 'Gerade Linie vom Ende des letzten Strichs'],
      ['Das andere Ende des Stifts', 'Radieren'],
      ['Alt über der Zeichnung halten', 'Herkunftslupe'],
      ['Strg und auf eine Vorlage klicken', 'Sie zusammen mit den anderen verwenden'],
      ['Doppelklick auf einen Regler', 'Zurück zum Anfangswert'],
    ],
  },
};

import type { Translated } from '../language.ts';
import type { marks as english } from '../marks.ts';

/** German texts of hints, pins, locks, the live preview and the regions of Flats. */
export const marks: Translated<typeof english> = {
  marks: {
    hints: 'Farbhinweise',
    pins: 'Nadeln',
    locks: 'Sperren',
    count: {
      hints: (count) => `● ${count}`,
      pins: (count) => `↔ ${count}`,
      locks: (count) => `■ ${count}`,
    },
    listTip: 'Noch einmal klicken zeigt die Liste.',
    chip: {
      hints: (count) => `Farbhinweise: ${count}`,
      pins: (count) => `Nadeln: ${count}`,
      locks: (count) => `Sperren: ${count}`,
    },
    list: {
      hints: 'Farbhinweise auf dieser Zeichnung',
      pins: 'Nadeln auf dieser Zeichnung',
      locks: 'Gesperrte Flächen',
    },
    empty: {
      hints: 'Mit dem Hinweiswerkzeug klicken, wo eine Farbe hingehört; das Modell breitet sie aus.',
      pins: 'Mit dem Nadelwerkzeug von einer Stelle der Zeichnung zu einer Stelle einer Vorlage ziehen.',
      locks: 'Mit dem Flächenwerkzeug auf eine Fläche von Flats klicken: sie bleibt beim nächsten Anwenden.',
    },
    hintName: (number) => `Farbhinweis ${number}`,
    pinName: (number, reference) => `Nadel ${number} zu ${reference}`,
    lockName: (number) => `Sperre ${number}`,
    hintTip: (number) =>
      `Farbhinweis ${number}: Pfeile bewegen ihn (Umschalt: um 10 px), Entf entfernt ihn; Doppelklick zeigt ihn`,
    pinTip: (number) =>
      `Nadel ${number}: Pfeile bewegen ihr Ende auf der Zeichnung, Umschalt+Pfeile das auf der Vorlage, Entf entfernt sie`,
    lockTip: (number) => `Sperre ${number}: Entf hebt sie auf`,
    colourOf: (number) => `Farbe von Hinweis ${number}`,
    everywhere: 'alles in dieser Farbe',
    everywhereTip: 'Jede Fläche dieser Farbe sperren. Aus: nur die Fläche an dieser Stelle.',
    deaf: 'ihre Vorlage wird nicht verwendet',
    remove: (name) => `${name} entfernen`,
    removeAll: {
      hints: 'Alle Farbhinweise entfernen',
      pins: 'Alle Nadeln entfernen',
      locks: 'Alle entsperren',
    },
    addHint: 'Farbhinweis in die Mitte der Ansicht',
    addPin: 'Nadel in die Mitte der Ansicht',
    nothingToLock: 'Hier gibt es keine Flats zu sperren. Erst Farbe mit Flächen anwenden.',
    noFlats:
      'Erst Farbe mit Flächen anwenden; dann lassen sich ihre Flächen sperren, auswählen und vereinen.',
    noReferenceToPin: 'Erst eine Vorlage hinzufügen; dann lässt sich eine Stelle an sie heften.',
    panel: 'Vorlagen zum Anheften',
    panelTip: (name) => `${name}: von hier zur Zeichnung ziehen oder von der Zeichnung hierher`,
    history: {
      hint: 'Farbhinweis',
      moveHint: 'Farbhinweis bewegen',
      recolour: 'Farbhinweis umfärben',
      pin: 'Nadel',
      movePin: 'Nadel bewegen',
      lock: 'Fläche sperren',
      remove: { hints: 'Farbhinweis entfernen', pins: 'Nadel entfernen', locks: 'Fläche entsperren' },
      clear: { hints: 'Farbhinweise entfernen', pins: 'Nadeln entfernen', locks: 'Alle entsperren' },
      merge: 'Flächen vereinen',
      recolourRegion: 'Fläche umfärben',
    },
  },
  markCommands: {
    hint: 'Farbhinweis: klicken oder zeichnen, wo die Malfarbe hingehört',
    pin: 'Nadel: zwischen einer Stelle der Zeichnung und einer der Vorlage ziehen',
    region: 'Flächen von Flats: sperren, auswählen, vereinen, umfärben',
    deleteMark: 'Gewählten Farbhinweis, Nadel oder Sperre löschen',
    live: 'Livevorschau',
    unsure: 'Zeigen, worin das Modell unsicher ist',
    unlockAll: 'Alle Flächen entsperren',
    removeHints: 'Alle Farbhinweise entfernen',
    removePins: 'Alle Nadeln entfernen',
    selectRegion: 'Fläche unter dem Zeiger auswählen',
  },
  region: {
    label: 'Was ein Klick auf eine Fläche tut',
    modes: { lock: 'Sperren', select: 'Auswählen', merge: 'Vereinen', recolour: 'Umfärben' },
    tips: {
      lock: 'Eine Fläche anklicken: sie bleibt beim nächsten Anwenden. Umschalt: alles in ihrer Farbe. Noch einmal: entsperren.',
      select: 'Eine Fläche anklicken wählt sie aus; Umschalt nimmt hinzu, Alt nimmt weg.',
      merge: 'Von einer Fläche zu anderen ziehen: sie nehmen ihre Farbe an und werden eins mit ihr.',
      recolour: 'Eine Fläche anklicken: sie nimmt die Malfarbe an und behält sie.',
    },
  },
  markHints: {
    hint: 'Klicken setzt einen Punkt, Zeichnen einen Strich der Malfarbe. Ziehen bewegt ihn, Umschalt und klicken färbt ihn um, Entf entfernt ihn.',
    pin: 'Von der Zeichnung zu einer Vorlage ziehen oder zurück. Ein Ende ziehen bewegt es, Entf entfernt die Nadel.',
  },
  live: {
    label: 'live',
    tip: 'Livevorschau: zeigt die Kolorierung klein und schnell unter den Linien, beim Zeichnen und Markieren.',
    running: (sizePx) => `Vorschau mit ${sizePx} px …`,
    done: (sizePx, ms, on) => `Vorschau ${sizePx} px, ${ms} ms auf ${on}`,
    unsure: 'Unsicher',
    unsureTip: 'Schraffieren, worin das Modell unsicher ist.',
  },
};

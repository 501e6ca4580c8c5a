import type { gallery as english, galleryCommands as englishCommands } from '../gallery.ts';
import { inLanguage, type Translated } from '../language.ts';

const { counted, number, plural } = inLanguage('de');
const pictures = (count: number): string => counted(count, 'Bild', 'Bilder');

export const galleryCommands: Translated<typeof englishCommands> = {
  gallery: 'Galerie',
  addToGallery: 'Bilder in die Galerie aufnehmen …',
  addFolderToGallery: 'Ordner in die Galerie aufnehmen …',
  keepDrawing: 'Zeichnung in der Galerie behalten',
  keepLayer: 'Ebene in der Galerie behalten',
  keepReference: 'Vorlage in der Galerie behalten',
  findLookalikes: 'Gleich aussehende in der Galerie suchen',
};

/** German texts of the gallery of kept pictures. */
export const gallery: Translated<typeof english> = {
  gallery: {
    title: 'Galerie',
    pictures,
    close: 'Galerie schließen (Esc)',
    resize: 'Breite der Galerie',
    open: 'Galerie …',
    keep: 'In Galerie behalten',
    keepTip: (name) => `${name} in der Galerie behalten, für andere Zeichnungen und Tage`,

    search: 'Namen und Schlagwörter suchen',
    searchTip: 'Wörter aus Namen und Schlagwörtern; eine Farbe wie #c03028 findet Bilder, die sie haben',
    clearSearch: 'Alle zeigen',
    colour: 'Bilder mit dieser Farbe',
    colourTip: 'Bilder finden, die eine Farbe haben, die mit der meisten davon zuerst',
    paintColour: 'Bilder mit der Malfarbe',
    noColour: 'Jede Farbe',
    favourites: 'Nur Lieblingsbilder',
    sort: 'Reihenfolge',
    sorts: { added: 'Aufgenommen', used: 'Benutzt', name: 'Name', hue: 'Farbton', size: 'Größe' },
    reverse: 'Umgekehrt',
    tags: 'Schlagwörter',
    tagTip: (name, count) => `${name}: ${pictures(count)}. Klicken zeigt nur diese.`,
    moreTags: (count) => `${number(count)} weitere …`,
    fewerTags: 'Weniger',

    add: 'Bilder hinzufügen …',
    addFolder: 'Ordner hinzufügen …',
    lookalikes: 'Gleich aussehende suchen',
    empty: 'Bilder oder Ordner hierher ziehen, um sie für jede Zeichnung zu behalten.',
    emptyMore:
      'Bilder in einem Ordner bekommen seinen Namen als Schlagwort: ein Ordner je Figur ist ein guter Anfang.',
    nothingFound: 'Kein Bild hat all das.',
    loading: 'Wird gesucht …',
    list: 'Bilder. Enter verwendet die gewählten als Vorlagen, F merkt Lieblingsbilder, F2 benennt um, Entf entfernt.',
    picture: (name, tags, favourite, missing) =>
      [name, ...tags, ...(favourite ? ['Lieblingsbild'] : []), ...(missing ? ['Datei fehlt'] : [])].join(
        ', ',
      ),
    tip: (name, size, tags) =>
      `${name}, ${size}${tags ? `. ${tags}` : ''}. Doppelklick oder Enter: als Vorlage.`,
    missing: 'Die Datei fehlt',
    selected: (count) => `${number(count)} gewählt`,
    showMissing: 'Zeigen',
    showAll: 'Alle zeigen',

    details: 'Gewählte Bilder',
    size: (width, height) => `${number(width)} × ${number(height)} px`,
    bytes: (count) =>
      count < 1024 * 1024
        ? `${number(Math.max(1, Math.round(count / 1024)))} KB`
        : `${number(count / 1024 / 1024, 1)} MB`,
    added: (date) => `aufgenommen am ${date}`,
    name: 'Name',
    use: 'Als Vorlage',
    useTip: 'Als Vorlage verwenden (Enter)',
    favourite: 'Lieblingsbild (F)',
    openDrawing: 'Als Zeichnung öffnen',
    rename: 'Umbenennen (F2)',
    remove: 'Aus der Galerie entfernen (Entf)',
    addTag: 'Schlagwort hinzufügen',
    addTagTip: 'Name einer Figur, ein Ort … Enter fügt hinzu; Kommas trennen mehrere.',
    removeTag: (name) => `Schlagwort ${name} entfernen`,
    partOf: (name, count) => `${name}: ${number(count)} der gewählten Bilder`,
    palette: 'Palette: eine Farbe anklicken, um mit ihr zu malen',
    paletteColour: (hex) => `${hex}: klicken malt mit ihr`,
    bands: 'Ihre Farben von oben nach unten, vier je Viertel',
    usePalette: 'Palette verwenden',
    usePaletteTip: 'Mit dieser Palette kolorieren (vier Farben je Viertel der Zeichnung)',
    keepSwatches: 'Als Farbfelder behalten',
    keepSwatchesTip: 'Diese Farben zu den Farbfeldern nehmen',
    swatchesKept: (count) =>
      count === 0
        ? 'Alle diese Farben sind schon unter den Farbfeldern.'
        : `${counted(count, 'Farbe', 'Farben')} zu den Farbfeldern genommen.`,

    used: (count) =>
      plural(count, 'Eine Vorlage', `${number(count)} Vorlagen`) + ' aus der Galerie hinzugefügt.',
    removed: (name, count) =>
      plural(
        count,
        `${name} wurde aus der Galerie entfernt.`,
        `${pictures(count)} wurden aus der Galerie entfernt.`,
      ),
    undo: 'Rückgängig',
    outcome: {
      added: (name) => `${name} ist in der Galerie aufbewahrt.`,
      there: (name) => `${name} war schon in der Galerie.`,
      found: (name) => `${name} ist wieder in der Galerie.`,
      restored: (name) => `${name} ist wieder in der Galerie.`,
    },

    importing: (done, total) => `${number(done)} von ${number(total)} aufgenommen`,
    importProgress: 'Bilder, die in die Galerie aufgenommen werden',
    looking: 'Ordner werden durchgesehen …',
    stop: 'Aufnahme anhalten',
    imported: (added, there, alike, failed, left) =>
      [
        added > 0 ? `${pictures(added)} in die Galerie aufgenommen` : 'Kein Bild in die Galerie aufgenommen',
        ...(there > 0 ? [`${number(there)} schon darin`] : []),
        ...(alike > 0
          ? [plural(alike, 'eines sieht aus', `${number(alike)} sehen aus`) + ' wie andere']
          : []),
        ...(failed > 0 ? [`${number(failed)} nicht lesbar`] : []),
        ...(left > 0 ? [`${number(left)} durch Anhalten ausgelassen`] : []),
      ].join(', ') + '.',
    noPictures: 'In dem, was hierher gezogen wurde, sind keine Bilder.',
    review: 'Ansehen',

    lookalikesTitle: 'Gleich aussehende',
    lookalikesNone: 'Keine zwei Bilder sehen gleich aus.',
    lookalikesSome: (count) => `${counted(count, 'Gruppe', 'Gruppen')} gleich aussehender Bilder`,
    keepThis: 'Nur dieses behalten',
    keepThisTip: (name) =>
      `${name} behalten und die anderen dieser Gruppe entfernen; ihre Schlagwörter kommen zusammen`,
    different: 'Sind verschieden',
    differentTip: 'Alle behalten und nicht wieder als gleich aussehende zeigen',
    back: 'Zurück zu allen Bildern',

    readOnly:
      'Der Ordner der Galerie ist schreibgeschützt: Bilder lassen sich verwenden, nicht aufnehmen oder ändern.',
    dragging: (count) => plural(count, 'Als Vorlage verwenden', `${number(count)} als Vorlagen verwenden`),
  },
};

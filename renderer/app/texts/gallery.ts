import { inLanguage } from './language.ts';

const { counted, number, plural } = inLanguage('en');
const pictures = (count: number): string => counted(count, 'picture', 'pictures');

export const galleryCommands = {
  gallery: 'Gallery',
  addToGallery: 'Add pictures to the gallery…',
  addFolderToGallery: 'Add a folder to the gallery…',
  keepDrawing: 'Keep drawing in the gallery',
  keepLayer: 'Keep layer in the gallery',
  keepReference: 'Keep reference in the gallery',
  findLookalikes: 'Find lookalikes in the gallery',
};

/** The gallery of kept pictures. */
export const gallery = {
  gallery: {
    title: 'Gallery',
    pictures,
    close: 'Close the gallery (Esc)',
    resize: 'Width of the gallery',
    open: 'Gallery…',
    keep: 'Keep in gallery',
    keepTip: (name: string) => `Keep ${name} in the gallery, for other drawings and days`,

    search: 'Search names and tags',
    searchTip: 'Words from names and tags; a colour like #c03028 finds pictures that have it',
    clearSearch: 'Show all',
    colour: 'Pictures with this colour',
    colourTip: 'Find pictures that have a colour, those with most of it first',
    paintColour: 'Pictures with the paint colour',
    noColour: 'Any colour',
    favourites: 'Favourites only',
    sort: 'Order',
    sorts: { added: 'Added', used: 'Used', name: 'Name', hue: 'Hue', size: 'Size' },
    reverse: 'The other way round',
    tags: 'Tags',
    tagTip: (name: string, count: number) => `${name}: ${pictures(count)}. Press to show only these.`,
    moreTags: (count: number) => `${number(count)} more…`,
    fewerTags: 'Fewer',

    add: 'Add pictures…',
    addFolder: 'Add a folder…',
    lookalikes: 'Find lookalikes',
    empty: 'Drop pictures or folders here to keep them for every drawing.',
    emptyMore: 'Pictures in a folder are tagged with its name: a folder for each character is a good start.',
    nothingFound: 'No picture has all of this.',
    loading: 'Looking…',
    list: 'Pictures. Enter uses the chosen ones as references, F marks favourites, F2 renames, Delete removes.',
    picture: (name: string, tags: readonly string[], favourite: boolean, missing: boolean) =>
      [name, ...tags, ...(favourite ? ['favourite'] : []), ...(missing ? ['file is gone'] : [])].join(', '),
    tip: (name: string, size: string, tags: string) =>
      `${name}, ${size}${tags ? `. ${tags}` : ''}. Double-press or Enter: use as reference.`,
    missing: 'The file is gone',
    selected: (count: number) => `${number(count)} chosen`,
    showMissing: 'Show them',
    showAll: 'Show all',

    details: 'Chosen pictures',
    size: (width: number, height: number) => `${number(width)} × ${number(height)} px`,
    bytes: (count: number) =>
      count < 1024 * 1024
        ? `${number(Math.max(1, Math.round(count / 1024)))} KB`
        : `${number(count / 1024 / 1024, 1)} MB`,
    added: (date: string) => `added ${date}`,
    name: 'Name',
    use: 'Use as reference',
    useTip: 'Use as reference (Enter)',
    favourite: 'Favourite (F)',
    openDrawing: 'Open as drawing',
    rename: 'Rename (F2)',
    remove: 'Remove from the gallery (Delete)',
    addTag: 'Add a tag',
    addTagTip: 'A character’s name, a place … Enter adds it; commas part several.',
    removeTag: (name: string) => `Remove the tag ${name}`,
    partOf: (name: string, count: number) => `${name}: ${number(count)} of the chosen pictures`,
    palette: 'Palette: press a colour to paint with it',
    paletteColour: (hex: string) => `${hex}: press to paint with it`,
    bands: 'Its colours from top to bottom, four for each quarter',
    usePalette: 'Use palette',
    usePaletteTip: 'Colour with this palette (four colours for each quarter of the drawing)',
    keepSwatches: 'Keep as swatches',
    keepSwatchesTip: 'Add these colours to the swatches',
    swatchesKept: (count: number) =>
      count === 0
        ? 'All of these colours are among the swatches already.'
        : `${counted(count, 'colour', 'colours')} added to the swatches.`,

    used: (count: number) =>
      `${plural(count, 'A reference', `${number(count)} references`)} added from the gallery.`,
    removed: (name: string, count: number) =>
      plural(
        count,
        `${name} was removed from the gallery.`,
        `${pictures(count)} were removed from the gallery.`,
      ),
    undo: 'Undo',
    outcome: {
      added: (name: string) => `${name} is kept in the gallery.`,
      there: (name: string) => `${name} was in the gallery already.`,
      found: (name: string) => `${name} is back in the gallery.`,
      restored: (name: string) => `${name} is back in the gallery.`,
    },

    importing: (done: number, total: number) => `Adding ${number(done)} of ${number(total)}`,
    importProgress: 'Pictures being added to the gallery',
    looking: 'Looking through folders…',
    stop: 'Stop adding',
    imported: (added: number, there: number, alike: number, failed: number, left: number) =>
      [
        added > 0 ? `${pictures(added)} added to the gallery` : 'No picture was added to the gallery',
        ...(there > 0 ? [`${number(there)} in it already`] : []),
        ...(alike > 0 ? [`${number(alike)} ${plural(alike, 'looks', 'look')} like others`] : []),
        ...(failed > 0 ? [`${number(failed)} could not be read`] : []),
        ...(left > 0 ? [`${number(left)} left out by stopping`] : []),
      ].join(', ') + '.',
    noPictures: 'There are no pictures in what was dropped.',
    review: 'Review',

    lookalikesTitle: 'Lookalikes',
    lookalikesNone: 'No two pictures look the same.',
    lookalikesSome: (count: number) => `${counted(count, 'group', 'groups')} of pictures that look the same`,
    keepThis: 'Keep only this',
    keepThisTip: (name: string) => `Keep ${name} and remove the others of this group; its tags are joined`,
    different: 'They differ',
    differentTip: 'Keep all of them, and do not show them as lookalikes again',
    back: 'Back to all pictures',

    readOnly: 'The gallery’s folder is read-only: pictures can be used, not added or changed.',
    dragging: (count: number) => plural(count, 'Use as reference', `Use ${number(count)} as references`),
  },
} as const;

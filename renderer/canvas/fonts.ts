/** CSS's generic families: every machine draws something for them. */
export const GENERIC_FONTS = ['sans-serif', 'serif', 'monospace', 'cursive'] as const;

/** Families that letterers use or that systems bring along; those the machine has are offered. */
const KNOWN = [
  'Anime Ace 2.0 BB',
  'Arial',
  'Arial Black',
  'Back Issues BB',
  'Bangers',
  'CC Wild Words',
  'Cantarell',
  'Caveat',
  'Comic Neue',
  'Comic Sans MS',
  'Courier New',
  'DejaVu Sans',
  'DejaVu Sans Mono',
  'DejaVu Serif',
  'Digital Strip',
  'Droid Sans',
  'Georgia',
  'Helvetica Neue',
  'Hiragino Sans',
  'Impact',
  'Komika Text',
  'Liberation Sans',
  'Liberation Serif',
  'Manga Temple',
  'Meiryo',
  'Noto Sans',
  'Noto Sans CJK JP',
  'Noto Sans JP',
  'Noto Serif',
  'Open Sans',
  'Patrick Hand',
  'Roboto',
  'Segoe Print',
  'Segoe UI',
  'Source Han Sans',
  'Times New Roman',
  'Trebuchet MS',
  'Ubuntu',
  'Verdana',
  'Yu Gothic',
];

const SAMPLE = 'mmwWil1@あ';
let found: readonly string[] | undefined;

/** The families of this machine among those known, by name. A family is there when it draws unlike all generic ones. */
export function installedFonts(): readonly string[] {
  if (found) return found;
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return [];
  const width = (family: string): number => {
    context.font = `72px ${family}`;
    return context.measureText(SAMPLE).width;
  };
  const generic = ['monospace', 'serif', 'sans-serif'].map((family) => ({ family, width: width(family) }));
  found = KNOWN.filter((name) =>
    generic.some((fallback) => width(`"${name}", ${fallback.family}`) !== fallback.width),
  );
  return found;
}

export const isGeneric = (font: string): boolean => (GENERIC_FONTS as readonly string[]).includes(font);

/** As canvas and CSS take it; what is not installed falls back to sans-serif. */
export const familyOf = (font: string): string =>
  isGeneric(font) ? font : `"${font.replaceAll(/["\\]/g, '')}", sans-serif`;

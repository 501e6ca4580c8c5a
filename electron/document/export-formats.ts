/** Formats that hold one flat picture. */
export const FLAT_FORMATS = ['png', 'jpeg', 'webp', 'tiff'] as const;
export type FlatFormat = (typeof FLAT_FORMATS)[number];

/** What a document can be exported as; PSD and OpenRaster keep its layers. */
export const EXPORT_FORMATS = [...FLAT_FORMATS, 'psd', 'ora'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The endings of their files, the usual one first. */
export const ENDINGS: Readonly<Record<ExportFormat, readonly string[]>> = {
  png: ['png'],
  jpeg: ['jpg', 'jpeg'],
  webp: ['webp'],
  tiff: ['tif', 'tiff'],
  psd: ['psd'],
  ora: ['ora'],
};

/** Whether a file's name says that it is a picture or layered document Inkwash opens. */
export const isDrawingFile = (name: string): boolean => /\.(?:png|jpe?g|webp|tiff?|ora|psd|psb)$/i.test(name);

/** Whether a file's path or name, if there is one, is an OpenRaster's: the format a drawing is kept in. */
export const isOra = (path: string | undefined): boolean => /\.ora$/i.test(path ?? '');

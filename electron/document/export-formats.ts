/** Formats that hold one flat picture. */
export const FLAT_FORMATS = ['png', 'jpeg', 'webp', 'tiff'] as const;
export type FlatFormat = (typeof FLAT_FORMATS)[number];

/** What a document can be exported as; PSD and OpenRaster keep its layers. */
export const EXPORT_FORMATS = [...FLAT_FORMATS, 'psd', 'ora'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

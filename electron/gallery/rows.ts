import type { GalleryPicture } from '../contract/gallery.ts';
import type { PictureFormat } from '../page/formats.ts';
import { toOklab, type Rgb } from '../page/oklab.ts';
import type { Database } from './database.ts';
import type { Description } from './describe.ts';
import { folded } from './fold.ts';
import { LIKENESS_BYTES } from './likeness.ts';

/** A row of the table `pictures`. */
export interface PictureRow {
  readonly id: number;
  readonly hash: string;
  readonly format: PictureFormat;
  readonly bytes: number;
  readonly name: string;
  readonly width_px: number;
  readonly height_px: number;
  readonly pixels_hash: string;
  readonly likeness: Uint8Array;
  readonly palette: string;
  readonly bands: string;
  readonly hue: number;
  readonly favourite: number;
  readonly added_at: number;
  readonly used_at: number | null;
  readonly removed_at: number | null;
  readonly missing: number;
}

/** How the artist keeps a picture, as far as it is known. */
export interface Keeping {
  readonly addedAt: number;
  readonly usedAt?: number | null;
  readonly removedAt?: number | null;
  readonly favourite?: boolean;
  readonly tags?: readonly string[];
}

/** What is known of a picture by looking at it, as far as the database keeps it. */
export type Looks = Omit<Description, 'thumbnail' | 'notes'>;

const hex = (rgb: Rgb): string => `#${rgb.map((value) => value.toString(16).padStart(2, '0')).join('')}`;

/** Part of a transaction. @returns the new picture's id. */
export function insertPicture(
  database: Database,
  name: string,
  file: { readonly hash: string; readonly byteCount: number },
  looks: Looks,
  keeping: Keeping,
): number {
  const { format, widthPx, heightPx, pixelsHash, likeness, palette, bands, hue } = looks;
  const { addedAt, usedAt = null, removedAt = null, favourite = false, tags = [] } = keeping;
  database.run(
    `INSERT INTO pictures (hash, format, bytes, name, folded, width_px, height_px, pixels_hash, likeness, palette,
       bands, hue, favourite, added_at, used_at, removed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    file.hash,
    format,
    file.byteCount,
    name,
    folded(name),
    widthPx,
    heightPx,
    pixelsHash,
    likeness,
    palette.map(({ rgb }) => hex(rgb)).join(' '),
    bands.flat().map(hex).join(' '),
    hue,
    favourite ? 1 : 0,
    addedAt,
    usedAt,
    removedAt,
  );
  const { id } = database.row<{ id: number }>('SELECT id FROM pictures WHERE hash = ?', file.hash)!;
  for (const { rgb, share } of palette) {
    const [l, a, b] = toOklab(...rgb);
    database.run(
      'INSERT INTO colours (picture_id, l, a, b, share) VALUES (?, ?, ?, ?, ?)',
      id,
      l,
      a,
      b,
      share,
    );
  }
  addTags(database, [id], tags);
  return id;
}

/** What a row says its picture looks like; undefined where something of it can't be right. */
export function looksOf(row: PictureRow, shares: readonly number[]): Looks | undefined {
  const palette = row.palette.split(' ').flatMap((text) => rgbOf(text));
  const bands = row.bands.split(' ').flatMap((text) => rgbOf(text));
  if (palette.length !== shares.length || bands.length !== 16 || row.likeness.length !== LIKENESS_BYTES)
    return undefined;
  return {
    format: row.format,
    widthPx: row.width_px,
    heightPx: row.height_px,
    pixelsHash: row.pixels_hash,
    likeness: row.likeness,
    palette: palette.map((rgb, i) => ({ rgb, share: shares[i]! })),
    bands: [0, 4, 8, 12].map((at) => bands.slice(at, at + 4)),
    hue: row.hue,
  };
}

/** One colour, or none for what is no `#rrggbb`. */
function rgbOf(hexColour: string): Rgb[] {
  const digits = /^#([0-9a-f]{6})$/.exec(hexColour)?.[1];
  if (!digits) return [];
  const byte = (at: number): number => Number.parseInt(digits.slice(at, at + 2), 16);
  return [[byte(0), byte(2), byte(4)]];
}

/** Part of a transaction. Tags that differ in case or accents only are one, with the name it had first. */
export function addTags(database: Database, ids: readonly number[], tags: readonly string[]): void {
  for (const tag of tags) {
    database.run(
      'INSERT INTO tags (name, folded) VALUES (?, ?) ON CONFLICT (folded) DO NOTHING',
      tag.trim(),
      folded(tag),
    );
    database.run(
      `INSERT OR IGNORE INTO picture_tags (picture_id, tag_id)
       SELECT pictures.id, tags.id FROM pictures, tags
       WHERE pictures.id IN (SELECT value FROM json_each(?)) AND tags.folded = ?`,
      JSON.stringify(ids),
      folded(tag),
    );
  }
}

/** Part of a transaction. Tags that no picture has any more go. */
export function removeTags(database: Database, ids: readonly number[], tags: readonly string[]): void {
  for (const tag of tags)
    database.run(
      `DELETE FROM picture_tags WHERE picture_id IN (SELECT value FROM json_each(?))
       AND tag_id = (SELECT id FROM tags WHERE folded = ?)`,
      JSON.stringify(ids),
      folded(tag),
    );
  dropUnusedTags(database);
}

export function dropUnusedTags(database: Database): void {
  database.run('DELETE FROM tags WHERE id NOT IN (SELECT tag_id FROM picture_tags)');
}

export function tagsOf(database: Database, ids: readonly number[]): Map<number, string[]> {
  const tags = new Map<number, string[]>();
  const rows = database.rows<{ picture_id: number; name: string }>(
    `SELECT picture_id, name FROM picture_tags JOIN tags ON tags.id = tag_id
     WHERE picture_id IN (SELECT value FROM json_each(?)) ORDER BY tags.folded`,
    JSON.stringify(ids),
  );
  for (const { picture_id: id, name } of rows) tags.set(id, [...(tags.get(id) ?? []), name]);
  return tags;
}

/** In the order of `ids`; those that are not there are left out. */
export function picturesOf(database: Database, ids: readonly number[]): GalleryPicture[] {
  const rows = database.rows<PictureRow>(
    'SELECT * FROM pictures WHERE id IN (SELECT value FROM json_each(?)) AND removed_at IS NULL',
    JSON.stringify(ids),
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  const tags = tagsOf(database, ids);
  return ids.flatMap((id) => {
    const row = byId.get(id);
    return row ? [infoOf(row, tags.get(id) ?? [])] : [];
  });
}

function infoOf(row: PictureRow, tags: string[]): GalleryPicture {
  return {
    pictureId: row.id,
    name: row.name,
    widthPx: row.width_px,
    heightPx: row.height_px,
    format: row.format,
    byteCount: row.bytes,
    addedAt: row.added_at,
    usedAt: row.used_at,
    favourite: row.favourite !== 0,
    missing: row.missing !== 0,
    tags,
    palette: row.palette === '' ? [] : row.palette.split(' '),
    bands: row.bands.split(' '),
  };
}

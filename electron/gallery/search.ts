import type { GalleryQuery, GallerySort } from '../contract/gallery.ts';
import { toOklab } from '../page/oklab.ts';
import type { Database, Value } from './database.ts';
import { folded } from './fold.ts';

/** Colours farther apart than this in OKLab are not alike: orange is not red, but a darker red still is. */
const ALIKE = 0.12;
/** A picture with less of the colour than this part of it is not found by it. */
const LEAST_SHARE = 0.004;

const ORDERS: Readonly<Record<GallerySort, string>> = {
  added: 'added_at DESC, id DESC',
  used: 'used_at IS NULL, used_at DESC, added_at DESC, id DESC',
  name: 'folded, id',
  hue: 'hue < 0, hue, id',
  size: 'width_px * height_px DESC, id',
};
/** The same the other way round; what has no value stays last. */
const REVERSED: Readonly<Record<GallerySort, string>> = {
  added: 'added_at, id',
  used: 'used_at IS NULL, used_at, added_at, id',
  name: 'folded DESC, id DESC',
  hue: 'hue < 0, hue DESC, id',
  size: 'width_px * height_px, id',
};

/** The ids of pictures that have all that is asked for, in order. */
export function search(database: Database, query: GalleryQuery): number[] {
  const parts = ['removed_at IS NULL'];
  const values: Value[] = [];
  for (const word of folded(query.text).split(' ').filter(Boolean)) {
    const like = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
    parts.push(
      `(folded LIKE ? ESCAPE '\\' OR id IN
         (SELECT picture_id FROM picture_tags JOIN tags ON tags.id = tag_id WHERE tags.folded LIKE ? ESCAPE '\\'))`,
    );
    values.push(like, like);
  }
  for (const tag of query.tags) {
    parts.push(
      'id IN (SELECT picture_id FROM picture_tags JOIN tags ON tags.id = tag_id WHERE tags.folded = ?)',
    );
    values.push(folded(tag));
  }
  if (query.favourites) parts.push('favourite');
  if (query.missing) parts.push('missing');
  const order = (query.reversed ? REVERSED : ORDERS)[query.sort];
  const where = parts.join(' AND ');
  const ids = query.colour
    ? database.rows<{ id: number }>(
        `SELECT id FROM pictures JOIN (${BY_COLOUR}) ON picture_id = id WHERE ${where} ORDER BY amount DESC, ${order}`,
        ...colourValues(query.colour),
        ...values,
      )
    : database.rows<{ id: number }>(`SELECT id FROM pictures WHERE ${where} ORDER BY ${order}`, ...values);
  return ids.map(({ id }) => id);
}

/** How much of each picture is like the colour; likeness falls off with the squared distance to nothing at ALIKE. */
const BY_COLOUR = `
  SELECT picture_id, SUM(share * (1 - apart / ?)) AS amount FROM
    (SELECT picture_id, share, (l - ?) * (l - ?) + (a - ?) * (a - ?) + (b - ?) * (b - ?) AS apart FROM colours)
  WHERE apart < ? GROUP BY picture_id HAVING amount >= ?`;

function colourValues(hex: string): number[] {
  const byte = (at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);
  const [l, a, b] = toOklab(byte(1), byte(3), byte(5));
  const most = ALIKE * ALIKE;
  return [most, l, l, a, a, b, b, most, LEAST_SHARE];
}

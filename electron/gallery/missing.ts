import type { Database } from './database.ts';

const NAMES_SHOWN = 3;

/** A sentence about pictures whose files are gone, while there are any. */
export function missingSentence(database: Database): string | undefined {
  const gone = database.rows<{ name: string }>(
    'SELECT name FROM pictures WHERE missing AND removed_at IS NULL ORDER BY folded',
  );
  if (gone.length === 0) return undefined;
  const named = gone.slice(0, NAMES_SHOWN).map(({ name }) => `“${name}”`);
  const more = gone.length - named.length;
  const which = new Intl.ListFormat('en').format(more > 0 ? [...named, `${more} more`] : named);
  return gone.length === 1
    ? `The file of ${which} is gone from the gallery's folder. Add the picture again to bring it back, or remove it.`
    : `The files of ${which} are gone from the gallery's folder. Add the pictures again to bring them back, or remove them.`;
}

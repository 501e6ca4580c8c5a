import { basename } from 'node:path';

/** A name fit to stand in a one-line sentence: no control characters, at most 80 characters. */
export function shown(name: string): string {
  // eslint-disable-next-line no-control-regex
  const plain = [...name.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ')];
  return plain.length > 80 ? `${plain.slice(0, 79).join('')}…` : plain.join('');
}

/** The file name of a path, for a sentence. */
export const shownFile = (path: string) => shown(basename(path));

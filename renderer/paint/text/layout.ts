import type { Align } from './block.ts';

/** A line of a block and where it starts, from the box's left edge, in the same units as the widths. */
export interface Line {
  readonly text: string;
  readonly x: number;
}

/** How wide a piece of text is drawn. */
export type Measure = (text: string) => number;

/** May stand at a line's end but never begin the next: closing marks of the scripts that don't space their words. */
const NEVER_FIRST =
  /^[、。，．・：；？！）」』】〉》〕ー々…‥ぁぃぅぇぉっゃゅょァィゥェォッャュョ)\]}.,!?:;’”%]/u;
/** Scripts whose lines break between any two letters. */
const UNSPACED = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\u3000-\u303f]/u;

/**
 * Breaks a text into lines no wider than `width`: at its own line ends, else at spaces and between letters of scripts
 * without them; a word wider than the box is broken where it meets the edge. Spaces at a broken line's end go.
 */
export function layout(text: string, width: number, align: Align, measure: Measure): Line[] {
  const lines = text.split(/\r\n|\r|\n/).flatMap((paragraph) => wrapParagraph(paragraph, width, measure));
  return lines.map((line) => ({ text: line, x: startOf(align, width - measure(line)) }));
}

const startOf = (align: Align, room: number): number =>
  align === 'left' ? 0 : align === 'right' ? room : room / 2;

function wrapParagraph(paragraph: string, width: number, measure: Measure): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of piecesOf(paragraph)) {
    if (measure((line + piece).trimEnd()) <= width || (line === '' && piece.trim() === '')) {
      line += piece;
      continue;
    }
    if (line.trim() !== '') lines.push(line.trimEnd());
    line = '';
    for (const part of broken(piece.trimStart(), width, measure)) {
      if (line !== '') lines.push(line);
      line = part;
    }
  }
  lines.push(line.trimEnd());
  return lines;
}

/** Words with the spaces after them; letters of unspaced scripts one by one, with the marks that cling to them. */
function piecesOf(paragraph: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  let before = '';
  for (const letter of paragraph) {
    const afterSpace = /\s/.test(before) && !/\s/.test(letter);
    const betweenLetters =
      before !== '' &&
      (UNSPACED.test(letter) || UNSPACED.test(before)) &&
      !NEVER_FIRST.test(letter) &&
      !/\s/.test(letter);
    if (piece !== '' && (afterSpace || betweenLetters)) {
      pieces.push(piece);
      piece = '';
    }
    piece += letter;
    before = letter;
  }
  if (piece !== '') pieces.push(piece);
  return pieces;
}

function broken(word: string, width: number, measure: Measure): string[] {
  if (measure(word.trimEnd()) <= width) return [word];
  const parts: string[] = [];
  let part = '';
  for (const letter of word) {
    if (part !== '' && measure(part + letter) > width) {
      parts.push(part);
      part = '';
    }
    part += letter;
  }
  return [...parts, part];
}

import type { QualityRow } from './run.ts';

/** What the figures mean, one line each, for the help text. */
export const QUALITY_LEGEND = [
  'PSNR     dB over sRGB to the target; higher is better',
  'MS-SSIM  structure, five scales, mean of red, green and blue; 1 is best',
  'LPIPS    distance in the eyes of a network (SqueezeNet); 0 is best',
  'regions  share of area whose region is within ΔE2000 10 of the target',
  "palette  earth mover's distance in OKLab from output to reference; 0 is best",
  'lines    correlation of the drawing’s fine structure with the output’s; 1 is best',
  '* learned nothing; `other` has no target to compare with',
].join('\n');

/** The rows as a table for a terminal: a header, one line a row, columns padded with spaces, no trailing newline. */
export function formatQuality(rows: readonly QualityRow[]): string {
  const number = (value: number | null, digits: number): string =>
    value === null ? '–' : value.toFixed(digits);
  return formatColumns(
    ['pairs', 'method', 'n', 'PSNR', 'MS-SSIM', 'LPIPS', 'regions', 'palette', 'lines'],
    rows.map((row) => [
      row.protocol,
      row.baseline ? `${row.method} *` : row.method,
      String(row.n),
      number(row.psnr, 2),
      number(row.msSsim, 3),
      number(row.lpips, 3),
      row.regionAccuracy === null ? '–' : `${(100 * row.regionAccuracy).toFixed(1)} %`,
      number(row.paletteDistance, 3),
      number(row.lineFidelity, 3),
    ]),
    2,
  );
}

/** Text columns under a header; the first `leftAligned` columns keep to the left, the others to the right. */
export function formatColumns(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  leftAligned: number,
): string {
  const widths = header.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]!.length)));
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, i) => (i < leftAligned ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

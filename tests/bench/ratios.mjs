// Prints the shell's bench as ratios against the same network run eagerly in PyTorch on the same machine.
//   python tests/bench/eager.py > eager.json && node tests/bench/ratios.mjs eager.json
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const [file] = process.argv.slice(2);
if (!file) {
  console.error('Name the file that tests/bench/eager.py wrote.');
  process.exit(2);
}
const eager = JSON.parse(readFileSync(file, 'utf8'));
const words = ['bench', '--json', '--threads', String(eager.threads), '--provider', 'cpu'];
const printed = execFileSync(process.execPath, [join(root, 'dist/electron/cli.js'), ...words], {
  encoding: 'utf8',
});
const rows = printed
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
console.log(`PyTorch ${eager.torch}, ${eager.threads} threads`);
for (const { id, medianMs } of rows) {
  const theirs = eager.ms[id];
  if (theirs !== undefined)
    console.log(
      `${id.padEnd(14)} ${medianMs.toFixed(1)} ms, eager ${theirs.toFixed(1)} ms, ratio ${(medianMs / theirs).toFixed(2)}`,
    );
}

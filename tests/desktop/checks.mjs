// What the desktop walks check with.
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';

const results = [];

export function check(name, good) {
  results.push(good);
  console.log(`${good ? 'ok  ' : 'FAIL'} ${name}`);
}

/** Says how it went. @returns how many failed. */
export function report() {
  const failed = results.filter((good) => !good).length;
  console.log(`${results.length - failed} passed, ${failed} failed`);
  return failed;
}

export async function within(seconds, holds) {
  const until = Date.now() + seconds * 1000;
  while (Date.now() < until) {
    if (await holds()) return true;
    await sleep(100);
  }
  return false;
}

/** Process ids of what a process has started, and of what those have started; none on Windows, which has no `ps`. */
export function descendants(pid) {
  if (process.platform === 'win32') return [];
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row))
    .map(([, id, parent, args]) => ({ pid: Number(id), parent: Number(parent), args }));
  const below = (parent) =>
    rows.filter((row) => row.parent === parent).flatMap((row) => [row, ...below(row.pid)]);
  return below(pid);
}

export function runs(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Mean distance of a picture's pixels from grey, 0–255: nought for ink on paper. */
export async function colourfulness(bytes) {
  const { data } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let sum = 0;
  for (let at = 0; at < data.length; at += 3)
    sum += Math.max(data[at], data[at + 1], data[at + 2]) - Math.min(data[at], data[at + 1], data[at + 2]);
  return sum / (data.length / 3);
}

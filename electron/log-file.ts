import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Where the desktop program's log lines go: standard error, and a file that holds the last run, for programs started
 * without a terminal. A log that can't be written is no reason not to start.
 */
export function openLog(file: string): (line: string) => void {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch {
    return (line) => console.error(line);
  }
  const stream = createWriteStream(file, { flags: 'w' }).on('error', () => undefined);
  return (line) => {
    console.error(line);
    stream.write(`${new Date().toISOString()} ${line}\n`);
  };
}

import { readFile } from 'node:fs/promises';

const INTERVAL_MS = 50;

/** Resident memory of another process in bytes; 0 where the system does not tell (only Linux does so simply). */
async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

/** Watches the memory of this process and the engine's together. @returns a function that ends the watch and gives the peak in bytes. */
export function watchMemory(enginePid: () => number | undefined): () => number {
  let peak = 0;
  const look = async (): Promise<void> => {
    const pid = enginePid();
    peak = Math.max(peak, process.memoryUsage.rss() + (pid === undefined ? 0 : await residentBytes(pid)));
  };
  const timer = setInterval(() => void look(), INTERVAL_MS);
  // A bench that fails must not keep the program alive.
  timer.unref();
  return () => {
    clearInterval(timer);
    return peak;
  };
}

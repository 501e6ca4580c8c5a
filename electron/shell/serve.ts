import type { Host } from '../host.ts';
import { serve } from '../serve.ts';
import { openBrowser } from './open-browser.ts';
import type { Reporter } from './report.ts';

/** `inkwash serve`: prints the address and serves until the signal fires. */
export async function serveUntil(
  host: Host,
  words: { readonly port: number; readonly open: boolean },
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  const server = await serve(host, {
    port: words.port,
    log: (line) => process.stderr.write(`inkwash: ${line}\n`),
  });
  reporter.say(`Inkwash is at ${server.address}  (Ctrl+C ends it)`, {
    address: server.address,
    port: server.port,
  });
  if (words.open && !(await openBrowser(server.address)))
    process.stderr.write('inkwash: No browser could be opened; open the address yourself.\n');
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await server.close();
}

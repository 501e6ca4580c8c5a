import { existsSync } from 'node:fs';
import { guidanceFrom } from '../colorize/guidance.ts';
import type { Host } from '../host.ts';
import { drawLines } from '../page/lines.ts';
import { findRegions } from '../page/regions.ts';
import { LPIPS_FILE, PAIRS_FOLDER } from '../places.ts';
import { lpipsBy } from './lpips.ts';
import { runQuality, type JudgedMethod } from '../quality/run.ts';
import { formatQuality, QUALITY_LEGEND } from '../quality/table.ts';
import type { Reporter } from './report.ts';

/** The protocol's picture size, px. */
const JUDGED_PX = 256;
/** Gaps closed in the drawings judged, px: small, since they are small. */
const JUDGED_GAP_PX = 3;

/** `inkwash quality`: the installed methods and the baselines on a folder of pairs. */
export async function measureQuality(
  host: Host,
  words: { readonly data?: string; readonly method?: string },
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  const ids = words.method === undefined ? host.methods.map(({ id }) => id) : [words.method];
  const methods = ids.map((id): JudgedMethod => {
    const { method, model } = host.colorizer(id);
    const context = { engine: host.engine, model, signal };
    return {
      id,
      async colorizePair(lines, reference) {
        const guidance = await guidanceFrom(method, context, reference, JUDGED_PX);
        return (await method.colorize(context, lines, guidance, JUDGED_PX)).colour;
      },
    };
  });
  const hasLpips = existsSync(LPIPS_FILE);
  if (!hasLpips)
    process.stderr.write(`inkwash: LPIPS is not measured, since its network is not there: ${LPIPS_FILE}\n`);
  const rows = await runQuality({
    folder: words.data ?? PAIRS_FOLDER,
    methods,
    drawLines,
    findRegions: (lines) => findRegions(lines, { gapPx: JUDGED_GAP_PX, signal }),
    lpips: hasLpips ? lpipsBy(host.engine, LPIPS_FILE, signal) : undefined,
    sizePx: JUDGED_PX,
    progress: reporter.progress,
    signal,
  });
  if (reporter.json) for (const row of rows) reporter.say('', { ...row });
  else reporter.say(`${formatQuality(rows)}\n\n${QUALITY_LEGEND}`, {});
}

import { benchFaces } from '../bench/face.ts';
import { benchPage } from '../bench/page.ts';
import { watchMemory } from '../bench/memory.ts';
import { runBench, type BenchTask } from '../bench/run.ts';
import { guidanceFrom } from '../colorize/guidance.ts';
import { dispatch, type CallContext } from '../contract/session.ts';
import { filesOf } from '../engine/registry.ts';
import type { Host } from '../host.ts';
import { decodePicture } from '../page/decode.ts';
import { readInk } from '../page/ink.ts';
import { formatColumns } from '../quality/table.ts';
import { part } from '../progress.ts';
import { readSample } from '../samples.ts';
import type { Reporter } from './report.ts';

const PAGE = { width: 2480, height: 3508 };
const MEBIBYTE = 1024 * 1024;
const MODELS_MEBIBYTES = 150;
const PEAK_MEBIBYTES = 1200;

/** `inkwash bench`: what colouring takes on this machine, against what it should take on two cores. */
export async function benchMachine(host: Host, reporter: Reporter, signal: AbortSignal): Promise<void> {
  const { method, model } = host.colorizer();
  const { id } = model.manifest;
  const context = { engine: host.engine, model, signal };
  const sample = await readSample('first-minute');
  const art = readInk((await decodePicture(sample.drawing.bytes, { name: sample.drawing.name })).raster);
  const reference = (await decodePicture(sample.references[0]!.bytes, { name: sample.references[0]!.name }))
    .raster;
  const known = {
    256: await guidanceFrom(method, context, reference, 256),
    512: await guidanceFrom(method, context, reference, 512),
  };
  const page = await benchPage([sample.drawing.bytes]);

  /** File in, PSD out, as the shell does it, with the reference encoded anew. */
  async function colourPage(): Promise<void> {
    const free: CallContext = { signal, progress: () => undefined };
    const room = host.openRoom();
    try {
      const drawing = await dispatch(room.handlers, 'drawing.open', { name: 'page.png', bytes: page }, free);
      const { documentId } = drawing;
      const added = await dispatch(room.handlers, 'reference.add', sample.references[0]!, free);
      const words = {
        documentId,
        method: id,
        references: [{ referenceId: added.referenceId }],
        regions: true,
        gapPx: -1,
        sizePx: 256,
      };
      await dispatch(room.handlers, 'colorize.run', words, free);
      await dispatch(room.handlers, 'document.export', { documentId, format: 'psd' }, free);
    } finally {
      await room.close();
    }
  }

  const tasks: BenchTask[] = [
    {
      id: 'encode-256',
      what: 'encode a reference, 256 px',
      targetMs: null,
      runs: 20,
      warmups: 2,
      run: () => guidanceFrom(method, context, reference, 256),
    },
    {
      id: 'colorize-256',
      what: 'preview, 256 px, reference encoded',
      targetMs: 80,
      runs: 20,
      warmups: 2,
      run: () => method.colorize(context, art, known[256], 256),
    },
    {
      id: 'colorize-512',
      what: 'colorize, 512 px, reference encoded',
      targetMs: 250,
      runs: 12,
      warmups: 2,
      run: () => method.colorize(context, art, known[512], 512),
    },
    {
      id: 'page',
      what: `page ${PAGE.width}x${PAGE.height}, file in to PSD out`,
      targetMs: 5000,
      runs: 3,
      warmups: 1,
      run: colourPage,
    },
  ];
  const stopWatching = watchMemory(() => host.engine.pid);
  const colouring = await runBench(tasks, part(reporter.progress, 0, 0.8), signal);
  const faces = await benchFaces(host, part(reporter.progress, 0.8, 1), signal);
  const rows = [...colouring, ...faces];
  const peakMiB = stopWatching() / MEBIBYTE;
  const bytes = host.registry.models.flatMap(({ manifest }) => filesOf(manifest)).map((file) => file.bytes);
  const modelsMiB = bytes.reduce((sum, n) => sum + n, 0) / MEBIBYTE;
  const { chosen, threads } = await host.engine.report();
  if (reporter.json) {
    for (const row of rows)
      reporter.say('', { ...row, method: faces.includes(row) ? 'face' : id, provider: chosen, threads });
    reporter.say('', {
      id: 'memory',
      peakMiB,
      targetMiB: PEAK_MEBIBYTES,
      ofTarget: peakMiB / PEAK_MEBIBYTES,
    });
    reporter.say('', {
      id: 'models',
      sizeMiB: modelsMiB,
      targetMiB: MODELS_MEBIBYTES,
      ofTarget: modelsMiB / MODELS_MEBIBYTES,
    });
    return;
  }
  const ratio = (value: number | null): string => (value === null ? '–' : value.toFixed(2));
  const table = formatColumns(
    [`${id} on ${chosen}, ${threads} threads`, 'median', 'p95', 'at most', 'of that'],
    [
      ...rows.map((r) => [
        r.what,
        `${r.medianMs.toFixed(0)} ms`,
        `${r.p95Ms.toFixed(0)} ms`,
        r.targetMs === null ? '–' : `${r.targetMs} ms`,
        ratio(r.ofTarget),
      ]),
      [
        'peak memory, engine included',
        `${peakMiB.toFixed(0)} MiB`,
        '',
        `${PEAK_MEBIBYTES} MiB`,
        ratio(peakMiB / PEAK_MEBIBYTES),
      ],
      [
        'all model files',
        `${modelsMiB.toFixed(1)} MiB`,
        '',
        `${MODELS_MEBIBYTES} MiB`,
        ratio(modelsMiB / MODELS_MEBIBYTES),
      ],
    ],
    1,
  );
  reporter.say(table, {});
}

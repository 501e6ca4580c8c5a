import { dispatch, type CallContext } from '../contract/session.ts';
import { CANVAS_PX } from '../face/parts.ts';
import { greyOf } from '../face/pictures.ts';
import type { Host } from '../host.ts';
import type { Progress } from '../progress.ts';
import { runBench, type BenchRow } from './run.ts';

const STROKE = { widthPx: 24, heightPx: 6 };

/** What a face takes after a stroke, as a window asks for it; no rows where there is no face model. */
export async function benchFaces(host: Host, progress: Progress, signal: AbortSignal): Promise<BenchRow[]> {
  if (!host.faceModel) return [];
  const { known } = await host.faces();
  const people = known.bank.people.length;
  const sketches = await Promise.all(
    [0, Math.floor(people / 2)].map(async (entry) => greyOf(await known.sketch(entry))),
  );
  const free: CallContext = { signal, progress: () => undefined };
  const room = host.openRoom();
  try {
    const { faceId } = await dispatch(room.handlers, 'face.open', {}, free);
    let turn = 0;
    const update = (patch: {
      xPx: number;
      yPx: number;
      widthPx: number;
      heightPx: number;
      grey: Uint8Array;
    }) => dispatch(room.handlers, 'face.update', { faceId, patches: [patch] }, free);
    const whole = (): Promise<unknown> => {
      const grey = sketches[turn++ % 2]!;
      return update({ xPx: 0, yPx: 0, widthPx: CANVAS_PX, heightPx: CANVAS_PX, grey });
    };
    /** A stroke at a place, drawn and taken away by turns. */
    const stroke = (xPx: number, yPx: number): Promise<unknown> => {
      const grey = new Uint8Array(STROKE.widthPx * STROKE.heightPx).fill(turn++ % 2 === 0 ? 0 : 255);
      return update({ xPx, yPx, ...STROKE, grey });
    };
    await whole();
    const timed = { runs: 12, warmups: 2 };
    return await runBench(
      [
        {
          ...timed,
          id: 'face-part',
          what: 'face, a stroke at the mouth',
          targetMs: 250,
          run: () => stroke(250, 440),
        },
        {
          ...timed,
          id: 'face-rest',
          what: 'face, a stroke in the hair',
          targetMs: 250,
          run: () => stroke(240, 30),
        },
        { ...timed, id: 'face-all', what: 'face, all parts', targetMs: 450, run: whole },
      ],
      progress,
      signal,
    );
  } finally {
    room.close();
  }
}

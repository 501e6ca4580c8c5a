import { describe, expect, it } from 'vitest';
import { isChannel } from '../../../electron/contract/names.ts';
import { packMessage, unpackMessage } from '../../../electron/contract/pack.ts';
import { openSession, type Handlers } from '../../../electron/contract/session.ts';
import { contract } from '../../../electron/contract/table.ts';
import type { ToRenderer } from '../../../electron/contract/wire.ts';
import { Failure } from '../../../electron/failure.ts';

const unused = (): never => {
  throw new Error('not part of this test');
};

const run = { documentId: 'drawing-1', regions: true, gapPx: 1, sizePx: 256 };

/** Handlers that all refuse, but for those given. */
function handlersWith(some: Partial<Handlers>): Handlers {
  const all = Object.fromEntries(Object.keys(contract).map((name) => [name, unused]));
  return { ...all, ...some } as Handlers;
}

function sessionOver(some: Partial<Handlers>) {
  const sent: ToRenderer[] = [];
  const waiting: (() => void)[] = [];
  const session = openSession(handlersWith(some), (message) => {
    sent.push(message);
    waiting.splice(0).forEach((wake) => wake());
  });
  const answerTo = async (id: number): Promise<ToRenderer> => {
    for (;;) {
      const found = sent.find((m) => m.id === id && m.type !== 'progress');
      if (found) return found;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  return { session, sent, answerTo };
}

describe('a session', () => {
  it('lets every channel of the table through the preload script, and nothing else', () => {
    for (const name of Object.keys(contract)) expect(isChannel(name)).toBe(true);
    for (const name of ['', 'toString', '__proto__', 'drawing.delete', 7, null])
      expect(isChannel(name)).toBe(false);
  });

  it('answers a call with progress first and the result last', async () => {
    const { session, sent, answerTo } = sessionOver({
      'drawing.close': async (_, { progress }) => {
        progress(0.5, 'Closing');
        return {};
      },
    });
    session.receive({ type: 'call', id: 3, channel: 'drawing.close', args: { documentId: 'drawing-1' } });
    expect(await answerTo(3)).toEqual({ type: 'result', id: 3, value: {} });
    expect(sent[0]).toEqual({ type: 'progress', id: 3, fraction: 0.5, step: 'Closing' });
  });

  it.each([
    ['a path instead of a name', 'drawing.open', { name: '../secret.png', bytes: new Uint8Array(1) }, 'name'],
    ['text instead of bytes', 'drawing.open', { name: 'a.png', bytes: 'abc' }, 'bytes'],
    [
      'a method that is a path',
      'colorize.run',
      {
        documentId: 'drawing-1',
        method: '../magic',
        references: [{ referenceId: 'reference-1' }],
        regions: true,
        gapPx: 1,
        sizePx: 256,
      },
      'method',
    ],
    [
      'a weight over 1',
      'colorize.run',
      { ...run, references: [{ referenceId: 'reference-1', weight: 2 }] },
      'references.0.weight',
    ],
    ['a palette of words', 'colorize.run', { ...run, palette: ['red'] }, 'palette.0'],
    [
      'a hint without a place',
      'colorize.run',
      { ...run, hints: [{ points: [], colour: '#ff0000' }] },
      'hints.0.points',
    ],
    [
      'a pin beside the reference',
      'colorize.run',
      { ...run, pins: [{ x: 1, y: 1, referenceId: 'reference-1', u: 1.5, v: 0 }] },
      'pins.0.u',
    ],
    [
      'an opacity over 1',
      'layer.update',
      { documentId: 'drawing-1', layerId: 'flats', opacity: 1.5 },
      'opacity',
    ],
    ['an argument too many', 'drawing.close', { documentId: 'drawing-1', force: true }, 'drawing.close'],
    ['an id that is code', 'drawing.close', { documentId: "drawing-1'; drop" }, 'documentId'],
  ])('refuses %s before the host sees it, naming the argument', async (_, channel, args, named) => {
    const { session, answerTo } = sessionOver({});
    session.receive({ type: 'call', id: 1, channel, args });
    const answer = await answerTo(1);
    expect(answer).toMatchObject({ type: 'failure', kind: 'words' });
    expect(answer.type === 'failure' && answer.sentence).toContain(named);
  });

  it('ignores messages that are not part of the contract', () => {
    const { session, sent } = sessionOver({});
    for (const message of [
      null,
      7,
      'call',
      {},
      { type: 'call' },
      { type: 'call', id: -1, channel: 'app.info', args: {} },
    ])
      session.receive(message);
    expect(sent).toEqual([]);
  });

  it('says so when a channel does not exist', async () => {
    const { session, answerTo } = sessionOver({});
    session.receive({ type: 'call', id: 1, channel: 'constructor', args: {} });
    expect(await answerTo(1)).toMatchObject({ type: 'failure', kind: 'words' });
  });

  it('cancels the call that is asked to stop, and only that one', async () => {
    const started: AbortSignal[] = [];
    const { session, answerTo, sent } = sessionOver({
      'drawing.close': (_, { signal }) =>
        new Promise((_, reject) => {
          started.push(signal);
          signal.addEventListener('abort', () => reject(new Failure('cancelled', 'Cancelled.')));
        }),
    });
    for (const id of [1, 2])
      session.receive({ type: 'call', id, channel: 'drawing.close', args: { documentId: 'drawing-1' } });
    session.receive({ type: 'cancel', id: 2 });
    expect(await answerTo(2)).toMatchObject({ type: 'failure', kind: 'cancelled' });
    expect(started.map((signal) => signal.aborted)).toEqual([false, true]);
    session.close();
    expect(started[0]?.aborted).toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent.some((m) => m.id === 1)).toBe(false);
  });

  it('hands a failure to the user as one sentence and keeps the cause as details', async () => {
    const { session, answerTo } = sessionOver({
      'drawing.close': async () => {
        throw new Failure('storage', 'The disk is full.', new Error('ENOSPC at write'));
      },
    });
    session.receive({ type: 'call', id: 1, channel: 'drawing.close', args: { documentId: 'drawing-1' } });
    const answer = await answerTo(1);
    expect(answer).toMatchObject({ kind: 'storage', sentence: 'The disk is full.' });
    expect(answer.type === 'failure' && answer.details).toContain('ENOSPC');
  });
});

describe('wire frames', () => {
  it('carry bytes as bytes', () => {
    const message = {
      type: 'call',
      id: 1,
      channel: 'drawing.open',
      args: { name: 'a.png', bytes: Uint8Array.of(1, 2, 255) },
    };
    expect(unpackMessage(packMessage(message))).toEqual(message);
  });

  it('refuse a frame that promises more than it brings', () => {
    // MessagePack array32 of 2^32-1 elements in five bytes.
    expect(() => unpackMessage(Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff))).toThrow();
  });
});

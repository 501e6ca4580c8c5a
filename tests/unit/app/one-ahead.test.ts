import { expect, it } from 'vitest';
import { OneAhead } from '../../../renderer/state/one-ahead.ts';

/** Runs that end when told, and notes of what happened in which order. */
function watched() {
  const notes: string[] = [];
  const ends = new Map<string, () => void>();
  const queue = new OneAhead<string>(async (what, signal) => {
    notes.push(`${what} begins`);
    signal.addEventListener('abort', () => notes.push(`${what} aborted`));
    await new Promise<void>((resolve) => ends.set(what, resolve));
    notes.push(`${what} ${signal.aborted ? 'is not wanted' : 'is shown'}`);
  });
  const end = async (what: string): Promise<void> => {
    ends.get(what)!();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { notes, queue, end };
}

it('has one under way and lets one wait, the newest', async () => {
  const { notes, queue, end } = watched();
  for (const what of ['a', 'b', 'c', 'd']) queue.want(what);
  expect(notes).toEqual(['a begins']);
  expect(queue.underWay).toBe('a');
  await end('a');
  await end('d');
  expect(notes).toEqual(['a begins', 'a is shown', 'd begins', 'd is shown']);
  expect(queue.underWay).toBeUndefined();
});

it('aborts what is of no use any more, and begins the next when that has ended: never two at once', async () => {
  const { notes, queue, end } = watched();
  queue.want('a');
  queue.want('b');
  queue.drop();
  expect(queue.underWay).toBeUndefined();
  queue.want('c');
  expect(notes).toEqual(['a begins', 'a aborted']);
  await end('a');
  expect(notes).toEqual(['a begins', 'a aborted', 'a is not wanted', 'c begins']);
  await end('c');
  expect(notes.at(-1)).toBe('c is shown');
  queue.drop();
  expect(notes).toHaveLength(5);
});

it('says when something begins and when all has ended', async () => {
  let changes = 0;
  let finish: () => void = () => undefined;
  const queue = new OneAhead<number>(
    () => new Promise<void>((resolve) => (finish = resolve)),
    () => changes++,
  );
  queue.want(1);
  expect(changes).toBe(1);
  finish();
  await expect.poll(() => changes).toBe(2);
  queue.want(2);
  expect(changes).toBe(3);
});

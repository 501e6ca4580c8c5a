import { expect, it } from 'vitest';
import { Latest } from '../../../renderer/state/latest.ts';

it('runs one at a time, and what is wanted meanwhile once more with the newest', async () => {
  const releases: (() => void)[] = [];
  const seen: number[] = [];
  let newest = 0;
  const latest = new Latest(async () => {
    seen.push(newest);
    await new Promise<void>((resolve) => releases.push(resolve));
  });
  newest = 1;
  latest.want();
  for (newest = 2; newest < 5; newest++) latest.want();
  newest = 5;
  expect(seen).toEqual([1]);
  expect(latest.waiting).toBe(true);
  releases[0]!();
  await expect.poll(() => seen).toEqual([1, 5]);
  let settled = false;
  const done = latest.settled().then(() => (settled = true));
  expect(settled).toBe(false);
  releases[1]!();
  await done;
  expect(seen).toEqual([1, 5]);
});

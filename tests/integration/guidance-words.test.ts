import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inkwash, SAMPLES, scratchFolder, type CliResult } from './run-cli.ts';
import { tinyPackFiles } from './tiny-model.ts';

const CATS = join(SAMPLES, 'first-minute', 'boy-with-cats.webp');
/** Averages colours by brightness and nearness, so that the colours given are the colours seen. */
const METHOD = ['--method', 'tiny-inkwash'];

let scratch: Awaited<ReturnType<typeof scratchFolder>>;
let art: string;
let env: Record<string, string>;

beforeAll(async () => {
  scratch = await scratchFolder();
  env = { INKWASH_DATA: scratch.path('data') };
  const folder = scratch.path('data', 'models', 'tiny-inkwash');
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(await tinyPackFiles()))
    await writeFile(join(folder, name), bytes);
  art = scratch.path('art.png');
  const cross = '<path d="M0 80H240M120 0V160" stroke="#000" stroke-width="3"/>';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="160"><rect width="240" height="160" fill="#fff"/>${cross}</svg>`;
  await sharp(Buffer.from(svg)).png().toFile(art);
});
afterAll(() => scratch.remove());

const colorize = (...words: string[]): Promise<CliResult> =>
  inkwash(['colorize', art, ...words], { env, cwd: scratch.path() });
async function written(name: string, content: unknown): Promise<string> {
  const path = scratch.path(name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
async function pixel(out: string, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(out).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
}
const near = (...rgb: number[]) => rgb.map((value) => expect.closeTo(value, -1.5));

describe('inkwash colorize takes its colours', () => {
  it('from colours written out', async () => {
    const out = scratch.path('colours.png');
    expect(await colorize(...METHOD, '--palette', '#0f0, #00ff00', '--out', out)).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(await pixel(out, 60, 40)).toEqual(near(0, 255, 0));
  });

  it("from a picture's palette, without the picture as a reference", async () => {
    const blue = scratch.path('blue.png');
    await sharp({ create: { width: 64, height: 64, channels: 3, background: '#2040e0' } })
      .png()
      .toFile(blue);
    const out = scratch.path('from-picture.png');
    expect(await colorize(...METHOD, '--palette', blue, '--out', out)).toMatchObject({ code: 0, stderr: '' });
    expect(await pixel(out, 60, 40)).toEqual(near(0x20, 0x40, 0xe0));
    expect(await colorize(...METHOD, '--palette', blue, '--out', blue)).toMatchObject({ code: 1 });
  });

  it('from a file of hints and pins, at the pixels it names', async () => {
    const halves = scratch.path('halves.png');
    await sharp({ create: { width: 64, height: 64, channels: 3, background: '#ff0000' } })
      .composite([
        {
          input: { create: { width: 32, height: 64, channels: 3, background: '#0000ff' } },
          left: 32,
          top: 0,
        },
      ])
      .png()
      .toFile(halves);
    const hints = await written('hints.json', {
      hints: [
        { x: 30, y: 30, colour: '#ffff00' },
        {
          points: [
            [140, 30],
            [220, 30],
          ],
          colour: '#00FFFF',
        },
      ],
      pins: [
        { x: 30, y: 130, u: 0.9, v: 0.5 },
        { x: 200, y: 130, reference: 1, u: 0.1, v: 0.5 },
      ],
    });
    const out = scratch.path('hinted.png');
    const words = [...METHOD, '--reference', halves, '--hints', hints, '--regions', 'off', '--out', out];
    expect(await colorize(...words)).toMatchObject({ code: 0, stderr: '' });
    expect(await pixel(out, 30, 30)).toEqual(near(255, 255, 0));
    for (const x of [142, 180, 218]) expect(await pixel(out, x, 30)).toEqual(near(0, 255, 255));
    expect(await pixel(out, 30, 130)).toEqual(near(0, 0, 255));
    expect(await pixel(out, 200, 130)).toEqual(near(255, 0, 0));
  });

  it('and tells in --help what a hints file holds', async () => {
    const { stdout } = await inkwash(['colorize', '--help']);
    const example = /\{"hints"[\s\S]*?\}\]\}/.exec(stdout)?.[0];
    const hints = await written('example.json', example ?? 'none');
    const large = scratch.path('large.png');
    await sharp(art).resize(1200, 1000, { fit: 'fill' }).toFile(large);
    const result = await inkwash(
      [
        'colorize',
        large,
        ...METHOD,
        '--reference',
        CATS,
        '--hints',
        hints,
        '--out',
        scratch.path('example.png'),
      ],
      { env },
    );
    expect(result).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('wrong words exit with 2 and one sentence', () => {
  it.each([
    ['a method that is not there', ['--method', 'magic'], /"magic" is not installed.*tiny-inkwash/],
    [
      'nothing to take colours from',
      METHOD,
      /nothing to take colours from\. It takes --reference, --palette/,
    ],
    ['no colour', [...METHOD, '--palette', '#12345'], /"#12345" is no colour/],
    ['half a list of colours', [...METHOD, '--palette', '#123456,,#fff'], /"" is no colour/],
    ['too many colours', [...METHOD, '--palette', Array(65).fill('#fff').join()], /palette/],
    [
      'a palette for a method without',
      ['--method', 'scft', '--reference', CATS, '--palette', '#fff'],
      /no use for --palette\. It takes --reference\./,
    ],
  ])('%s', async (_, words, sentence) => {
    const { code, stderr } = await colorize(...words);
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
  });

  it.each([
    ['no JSON', 'x: 3', /is not JSON/],
    ['a list', [], /the file is not right/],
    ['an unknown word', { hint: [] }, /hint/],
    [
      'a hint without a colour',
      { hints: [{ x: 1, y: 2 }] },
      /hints\.0\.colour is not right: a colour like "#aabbcc"/,
    ],
    ['a colour by name', { hints: [{ x: 1, y: 2, colour: 'red' }] }, /hints\.0\.colour/],
    [
      'a stroke without points',
      { hints: [{ points: [], colour: '#ff0000' }] },
      /hints\.0\.points is not right: at least one point/,
    ],
    [
      'a point of three numbers',
      { hints: [{ points: [[1, 2, 3]], colour: '#ff0000' }] },
      /hints\.0\.points\.0/,
    ],
    [
      'a place left of the drawing',
      { hints: [{ x: -1, y: 2, colour: '#ff0000' }] },
      /hints\.0\.x is not right: a place inside the drawing/,
    ],
    [
      'a place right of the drawing',
      { hints: [{ x: 900, y: 2, colour: '#ff0000' }] },
      /hint lies at 900, 2, outside the drawing, which is 240x160/,
    ],
    [
      'a pin to a reference there is not',
      { pins: [{ x: 1, y: 1, reference: 2, u: 0, v: 0 }] },
      /reference 2 where --reference names 1/,
    ],
    [
      'a pin beside its reference',
      { pins: [{ x: 1, y: 1, u: 20, v: 0 }] },
      /pins\.0\.u is not right: from 0 to 1/,
    ],
  ])('a hints file with %s', async (_, content, sentence) => {
    const hints = await written('wrong.json', content);
    const { code, stderr } = await colorize(...METHOD, '--reference', CATS, '--hints', hints);
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
  });

  it('a hints file that is not there is a failed job', async () => {
    const { code, stderr } = await colorize(
      ...METHOD,
      '--reference',
      CATS,
      '--hints',
      scratch.path('no.json'),
    );
    expect(stderr).toMatch(/no\.json was not opened/);
    expect(code).toBe(1);
  });
});

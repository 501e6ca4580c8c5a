import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaceManifest } from '../../electron/engine/face-manifest.ts';
import { drawFaces, TINY_FACE } from './face-drawings.ts';
import { inkwash, scratchFolder, type CliResult } from './run-cli.ts';
import { zipOf } from './tiny-model.ts';

let scratch: Awaited<ReturnType<typeof scratchFolder>>;
let env: Record<string, string>;
let sketch: string;

const tiny = join(TINY_FACE, 'face');
/** The tiny model's folder under a name that no shipped model has. */
async function added(id: string, data: string): Promise<string> {
  const folder = join(data, 'models', id);
  await mkdir(join(data, 'models'), { recursive: true });
  await cp(tiny, folder, { recursive: true });
  await changeManifest(folder, (manifest) => (manifest.id = id));
  return folder;
}
async function changeManifest(folder: string, change: (manifest: FaceManifest) => unknown): Promise<void> {
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as FaceManifest;
  change(manifest);
  await writeFile(path, JSON.stringify(manifest));
}

beforeAll(async () => {
  scratch = await scratchFolder();
  await added('tiny-face', scratch.path('data'));
  env = { INKWASH_DATA: scratch.path('data') };
  sketch = scratch.path('girl.png');
  await writeFile(sketch, await drawFaces(600, 800, [{ x: 60, y: 150, side: 500 }], { paper: '#ffffff' }));
});
afterAll(() => scratch.remove());

const face = (...words: string[]): Promise<CliResult> =>
  inkwash(['face', ...words, '--provider', 'cpu', '--threads', '1'], { cwd: scratch.path(), env });

interface FaceLine {
  readonly out: string;
  readonly space: string;
  readonly neighbours: number;
  readonly notes: string[];
  readonly parts: {
    readonly part: string;
    readonly refinement: number;
    readonly neighbours: { readonly personId: string; readonly weight: number; readonly space: string }[];
  }[];
}
const lastLine = ({ stdout }: CliResult): FaceLine =>
  JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as FaceLine;

describe('inkwash face', () => {
  it('saves a face beside nothing else, named after the sketch', async () => {
    const done = await face('girl.png');
    expect(done).toMatchObject({ code: 0, stdout: 'girl-face.png\n' });
    expect(done.stderr).toMatch(/^inkwash: The face in “girl.png” was found and moved to its place\.$/m);
    const picture = sharp(scratch.path('girl-face.png'));
    expect(await picture.metadata()).toMatchObject({ width: 256, height: 256 });
    expect((await picture.stats()).channels[0]?.stdev).toBeGreaterThan(10);
  });

  it('tells with --json each part’s refinement, known faces and weights', async () => {
    const words = ['--refine', 'left-eye=1,nose=0.4', '--space', 'feminine', '--neighbours', '3', '--json'];
    const done = await face('girl.png', ...words, '--out', 'a.png', '--shadow', 'shadow.png');
    expect(done.code, done.stderr).toBe(0);
    const line = lastLine(done);
    expect(line).toMatchObject({ out: 'a.png', space: 'feminine', neighbours: 3 });
    const refinement = Object.fromEntries(line.parts.map((part) => [part.part, part.refinement]));
    expect(refinement).toMatchObject({ 'left-eye': 1, nose: 0.4 });
    for (const { neighbours } of line.parts) {
      expect(neighbours).toHaveLength(3);
      expect(neighbours.every((n) => n.space === 'feminine')).toBe(true);
      expect(neighbours.reduce((sum, n) => sum + n.weight, 0)).toBeCloseTo(1, 6);
    }
    const shadow = await sharp(scratch.path('shadow.png')).stats();
    expect(shadow.channels[3]?.max).toBeGreaterThan(100);
  });

  it('gives the same bytes for the same words, and others for another refinement', async () => {
    for (const [out, amount] of [
      ['one.png', '1'],
      ['again.png', '1'],
      ['mine.png', '0'],
    ] as const)
      expect((await face('girl.png', '--refine', amount, '--out', out)).code).toBe(0);
    const [one, again, mine] = await Promise.all(
      ['one.png', 'again.png', 'mine.png'].map((name) => readFile(scratch.path(name))),
    );
    expect(one!.equals(again!)).toBe(true);
    expect(one!.equals(mine!)).toBe(false);
  });

  it.each([
    [['--refine', '1.5'], /from 0 \(my line\) to 1/],
    [['--refine', 'ear=1'], /left-eye, right-eye, nose, mouth, rest/],
    [['--refine', 'nose=1,0.3'], /--refine/],
    [['--space', 'elves'], /all, feminine, masculine/],
    [['--neighbours', '0'], /whole number from 1 to 64/],
    [['--out', 'face.jpg'], /\.png/],
    [['--out', 'x.png', '--shadow', 'x.png'], /two names/],
  ])('says what is wrong with %j', async (words, sentence) => {
    const { code, stderr } = await face('girl.png', ...words);
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(sentence)]);
  });

  it('never saves over the sketch', async () => {
    const before = await readFile(sketch);
    expect(await face('girl.png', '--out', 'girl.png')).toMatchObject({ code: 1 });
    expect((await readFile(sketch)).equals(before)).toBe(true);
  });

  it('says of a blank sheet that it is blank, and saves nothing', async () => {
    await writeFile(scratch.path('white.png'), await drawFaces(300, 300, [], { paper: '#ffffff' }));
    const { code, stderr } = await face('white.png');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^inkwash: “white.png” is blank: .*\n$/),
    });
    expect(await readdir(scratch.path())).not.toContain('white-face.png');
  });
});

describe('a face model', () => {
  it('is listed with its people, verified to the last file, and can come in a pack', async () => {
    const names = (await readdir(tiny)).filter((name) => name !== 'manifest.json');
    const manifest = JSON.parse(await readFile(join(tiny, 'manifest.json'), 'utf8')) as object;
    const files = await Promise.all(
      names.map(async (name) => [name, new Uint8Array(await readFile(join(tiny, name)))] as const),
    );
    const text = new TextEncoder().encode(JSON.stringify({ ...manifest, id: 'my-faces' }));
    await writeFile(
      scratch.path('faces.zip'),
      zipOf({ ...Object.fromEntries(files), 'manifest.json': text }),
    );
    const run = (...words: string[]) =>
      inkwash(['models', ...words], { env: { INKWASH_DATA: scratch.path('packs') }, cwd: scratch.path() });
    const done = await run('add', 'faces.zip');
    expect(done, done.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/"inkwash face" uses it/),
    });
    expect((await run('list')).stdout).toMatch(/^my-faces .*added, method face/m);
    expect((await run('list', '--json')).stdout).toMatch(/"id":"my-faces".*"people":12/);
    expect((await run('verify')).stdout).toMatch(/^my-faces +good/m);
    const bank = scratch.path('packs', 'models', 'my-faces', 'bank-vectors.bin');
    const bytes = await readFile(bank);
    bytes[5000]! ^= 1;
    await writeFile(bank, bytes);
    expect(await run('verify')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/bank-vectors\.bin is not/),
    });
    expect(await run('remove', 'my-faces')).toMatchObject({ code: 0 });
  });

  const faults: Record<string, [change: (manifest: FaceManifest) => unknown, sentence: RegExp]> = {
    'a window beyond the sketch': [(m) => (m.parts.nose.x = 250), /parts\.nose/],
    'a graph of another shape': [
      (m) => (m.graphs['map-nose']!.outputs['map'] = ['N', 32, 64, 64]),
      /graphs\.map-nose\.outputs/,
    ],
    'no synthesis': [(m) => delete m.graphs['synthesise'], /lacks "synthesise"/],
    'a bank of another size': [(m) => (m.bank.vectors.bytes = 7), /bank\.vectors\.bytes/],
    'a bank file that is a path': [(m) => (m.bank.table.file = '../../secret.json'), /bank\.table\.file/],
  };
  it.each(Object.entries(faults))('with %s is refused in one sentence', async (name, [change, sentence]) => {
    const data = scratch.path(`bad-${name.replaceAll(' ', '-')}`);
    const folder = await added('bad-face', data);
    await changeManifest(folder, change);
    const { code, stdout } = await inkwash(['models', 'verify'], { env: { INKWASH_DATA: data } });
    expect(code).toBe(1);
    expect(stdout).toMatch(sentence);
  });

  it('whose bank was changed is not used', async () => {
    const data = scratch.path('changed');
    const folder = await added('changed-face', data);
    const bytes = await readFile(join(folder, 'bank-sketches.bin'));
    bytes[100]! ^= 255;
    await writeFile(join(folder, 'bank-sketches.bin'), bytes);
    const { code, stderr } = await inkwash(['face', sketch], {
      env: { INKWASH_DATA: data },
      cwd: scratch.path(),
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^inkwash: The model "changed-face": bank-sketches\.bin is not the file/);
  });
});

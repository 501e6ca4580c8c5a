import { createHash } from 'node:crypto';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHost, type Host } from '../../electron/host.ts';
import { ENGINE_ENTRY } from '../../electron/places.ts';
import { inkwash, scratchFolder } from './run-cli.ts';
import { TINY_MODELS, tinyPackFiles, withManifest, zipOf, type PackFiles } from './tiny-model.ts';

let scratch: Awaited<ReturnType<typeof scratchFolder>>;
let files: PackFiles;
let added: string;
let host: Host;

beforeAll(async () => {
  scratch = await scratchFolder();
  files = await tinyPackFiles();
  added = scratch.path('data', 'models');
  host = await createHost({
    addedModelsFolder: added,
    engineEntry: ENGINE_ENTRY,
    provider: 'cpu',
    threads: 1,
  });
});
afterAll(async () => {
  await host.close();
  await scratch.remove();
});

const there = async (): Promise<string[]> => (await readdir(added).catch(() => [])).toSorted();
async function packed(bytes: Uint8Array, name = 'hero.zip'): Promise<string> {
  const path = scratch.path(name);
  await writeFile(path, bytes);
  return path;
}
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const text = (words: string): Uint8Array => new TextEncoder().encode(words);

/** The zip's bytes with one string in place of another of the same length, wherever it stands. */
function patched(zip: Uint8Array, from: string, to: string): Uint8Array {
  return Uint8Array.from(Buffer.from(Buffer.from(zip).toString('latin1').replaceAll(from, to), 'latin1'));
}

/** The zip with another size declared for an entry that it holds. */
function declaring(zip: Uint8Array, name: string, bytes: number): Uint8Array {
  const out = Buffer.from(zip);
  for (
    let at = out.indexOf('PK\x01\x02', 'latin1');
    at >= 0;
    at = out.indexOf('PK\x01\x02', at + 4, 'latin1')
  )
    if (out.toString('latin1', at + 46, at + 46 + out.readUInt16LE(at + 28)) === name)
      out.writeUInt32LE(bytes, at + 24);
  return new Uint8Array(out);
}

describe('a model pack that is not right is refused in one sentence, and nothing of it stays', () => {
  const LINK = 0o120777 * 2 ** 16;
  const refusals: Record<string, [make: (files: PackFiles) => Uint8Array, sentence: RegExp]> = {
    'no zip': [() => text('Dear artist, '.repeat(50)), /damaged or cut short; get it once more/],
    'cut short': [(f) => zipOf(f).subarray(0, 4000), /damaged or cut short/],
    'a name that climbs out': [(f) => zipOf({ ...f, '../evil.onnx': text('x') }), /outside itself/],
    'a name that climbs out of a folder': [
      (f) => zipOf({ ...f, 'a/../../evil.onnx': text('x') }),
      /outside itself/,
    ],
    'an absolute name': [(f) => zipOf({ ...f, '/etc/evil.onnx': text('x') }), /outside itself/],
    'a Windows name': [(f) => zipOf({ ...f, 'C:\\evil.onnx': text('x') }), /outside itself/],
    'a link': [
      (f) => zipOf({ ...f, 'evil.onnx': [text('/etc/passwd'), { os: 3, attrs: LINK }] }),
      /holds a link \(evil/,
    ],
    'a folder': [(f) => zipOf({ hero: f }), /holds folders/],
    'something else': [(f) => zipOf({ ...f, 'setup.exe': text('MZ') }), /holds setup\.exe/],
    'a hidden file': [(f) => zipOf({ ...f, '.onnx': text('x') }), /holds \.onnx/],
    'too many entries': [
      (f) =>
        zipOf({
          ...f,
          ...Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${i}.onnx`, text('x')])),
        }),
      /more than 32 entries/,
    ],
    'the same name twice': [
      (f) => patched(zipOf({ ...f, 'colorizf.onnx': f['colorize.onnx']! }), 'colorizf.onnx', 'colorize.onnx'),
      /two entries called colorize\.onnx/,
    ],
    'names that are one on some disks': [(f) => zipOf({ ...f, 'Colorize.onnx': text('x') }), /capitals only/],
    'more than any model has': [
      (f) => declaring(declaring(zipOf(f), 'colorize.onnx', 2 ** 31), 'reference.onnx', 2 ** 31),
      /unpacks to 4096 MiB; 192 MiB/,
    ],
    'more than it declares': [
      (f) => {
        const bytes = f['colorize.onnx']!.length - 900;
        const lying = withManifest(f, ({ graphs }) => (graphs.colorize.bytes = bytes));
        return declaring(zipOf(lying), 'colorize.onnx', bytes);
      },
      /colorize\.onnx in hero\.zip is damaged/,
    ],
    'no manifest': [({ 'manifest.json': _, ...rest }) => zipOf(rest), /lacks manifest\.json/],
    'a huge manifest': [
      (f) => zipOf({ ...f, 'manifest.json': text(' '.repeat(300_000)) }),
      /manifest\.json.*too large/,
    ],
    'a manifest that is no JSON': [
      (f) => zipOf({ ...f, 'manifest.json': text('{') }),
      /manifest of hero\.zip is not JSON/,
    ],
    'an unknown method': [(f) => zipOf(withManifest(f, (m) => (m.method = 'magic'))), /wrong at method/],
    'an id that is a path': [(f) => zipOf(withManifest(f, (m) => (m.id = '../hero'))), /wrong at id/],
    'the name of another method': [
      (f) => zipOf(withManifest(f, (m) => (m.id = 'nerk'))),
      /wrong at id.*another method/,
    ],
    'an opset from the future': [(f) => zipOf(withManifest(f, (m) => (m.opset = 99))), /wrong at opset/],
    'no card': [({ 'CARD.md': _, ...rest }) => zipOf(rest), /lacks CARD\.md/],
    'a graph that is missing': [({ 'colorize.onnx': _, ...rest }) => zipOf(rest), /lacks colorize\.onnx/],
    'a graph no one named': [
      (f) => zipOf({ ...f, 'more.onnx': f['colorize.onnx']! }),
      /holds more\.onnx, which/,
    ],
    'another size': [
      (f) => zipOf(withManifest(f, ({ graphs }) => graphs.colorize.bytes++)),
      /colorize\.onnx has \d+ bytes where the manifest says \d+/,
    ],
    'another hash': [
      (f) => zipOf(withManifest(f, ({ graphs }) => (graphs.colorize.sha256 = '0'.repeat(64)))),
      /SHA-256 differs/,
    ],
    'another opset': [
      (f) => zipOf(withManifest(f, (m) => (m.opset = 16))),
      /opset 17 where the manifest says 16/,
    ],
    'a graph that is no model': [
      (f) => {
        const junk = text('no model at all, however right its hash is');
        const lying = withManifest(f, ({ graphs }) =>
          Object.assign(graphs.colorize, { bytes: junk.length, sha256: sha256(junk) }),
        );
        return zipOf({ ...lying, 'colorize.onnx': junk });
      },
      /colorize\.onnx is no ONNX model/,
    ],
    'a graph the runtime cannot open': [
      (f) => {
        // The opset alone: a model without a graph.
        const empty = Uint8Array.of(0x42, 2, 0x10, 17);
        const lying = withManifest(f, ({ graphs }) =>
          Object.assign(graphs.colorize, { bytes: empty.length, sha256: sha256(empty) }),
        );
        return zipOf({ ...lying, 'colorize.onnx': empty });
      },
      /can't do what the method "inkwash" needs/,
    ],
    'other shapes': [
      (f) => zipOf(withManifest(f, ({ graphs }) => (graphs.colorize.inputs['keys'] = ['N', 'T', 32]))),
      /says "keys" is NxTx32, unlike the inputs of colorize\.onnx/,
    ],
    'other inputs': [
      (f) => zipOf(withManifest(f, ({ graphs }) => delete graphs.colorize.inputs['places'])),
      /unlike the inputs of colorize\.onnx/,
    ],
    'graphs of another method': [
      (f) => zipOf(withManifest(f, (m) => Object.assign(m, { method: 'scft', id: 'hero' }))),
      /can't do what the method "scft" needs/,
    ],
    'the id of a model that ships': [
      (f) => zipOf(withManifest(f, (m) => Object.assign(m, { method: 'scft', id: 'scft' }))),
      /"scft" is there already/,
    ],
  };

  it.each(Object.keys(refusals))('%s', async (name) => {
    const [make, sentence] = refusals[name]!;
    const before = await there();
    const path = await packed(make(files));
    await expect(host.addModel(path)).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringMatching(sentence),
    });
    await expect(host.addModel(path)).rejects.toThrow(/^[^\n]*\.$/);
    expect(await there()).toEqual(before);
    expect(host.methods.map(({ id }) => id)).not.toContain('tiny-inkwash');
  });

  it('a file that is not there, a folder, a file too large to be one', async () => {
    await expect(host.addModel(scratch.path('no.zip'))).rejects.toMatchObject({ kind: 'storage' });
    await expect(host.addModel(scratch.path())).rejects.toMatchObject({ kind: 'input' });
  });

  it('one that is stopped half way leaves nothing', async () => {
    const stop = new AbortController();
    const adding = host.addModel(await packed(zipOf(files)), stop.signal, (_, step) => {
      if (step === 'Trying the model') stop.abort();
    });
    await expect(adding).rejects.toMatchObject({ kind: 'cancelled' });
    expect(await there()).toEqual([]);
  });
});

describe('a good model pack', () => {
  afterEach(async () => {
    for (const { manifest, shipped } of host.registry.models)
      if (!shipped) await host.removeModel(manifest.id);
  });

  it('is offered beside the shipped models, cannot be added twice, and can be removed', async () => {
    const path = await packed(zipOf(files));
    expect(await host.addModel(path)).toBe('tiny-inkwash');
    expect(await there()).toEqual(['tiny-inkwash']);
    expect((await readdir(join(added, 'tiny-inkwash'))).toSorted()).toEqual(Object.keys(files).toSorted());
    expect(host.methods.map(({ id }) => id)).toEqual(expect.arrayContaining(['tiny-inkwash', 'scft']));
    expect((await host.verify()).flatMap(({ sentences }) => sentences)).toEqual([]);
    await expect(host.addModel(path)).rejects.toThrow(/there already\. Remove it first/);

    await host.removeModel('tiny-inkwash');
    expect(await there()).toEqual([]);
    expect(host.methods.map(({ id }) => id)).not.toContain('tiny-inkwash');
  });

  it('may be a title of its own beside another for the same method', async () => {
    await host.addModel(await packed(zipOf(files)));
    const title = withManifest(files, (m) => Object.assign(m, { id: 'my-comic', title: 'My comic' }));
    await host.addModel(await packed(zipOf(title), 'my-comic.zip'));
    const own = host.methods.filter(({ method }) => method === 'inkwash');
    expect(own.map(({ id, title }) => [id, title])).toEqual(
      expect.arrayContaining([
        ['my-comic', 'My comic'],
        ['tiny-inkwash', 'Tiny'],
      ]),
    );
  });

  it.each([
    ['one that ships', 'scft', /"scft" comes with Inkwash and stays\. Models you added: none/],
    ['one that is not there', 'hero', /no model "hero"/],
    ['a path', '../data', /no model "\.\.\/data"/],
    ['the folder itself', '.', /no model "\."/],
  ])('cannot be %s when removing', async (_, id, sentence) => {
    await expect(host.removeModel(id)).rejects.toMatchObject({
      kind: 'words',
      message: expect.stringMatching(sentence),
    });
  });

  it('that was damaged since can still be removed', async () => {
    await mkdir(join(added, 'broken'), { recursive: true });
    await writeFile(join(added, 'broken', 'manifest.json'), '{');
    await host.removeModel('broken');
    expect(await there()).toEqual([]);
  });

  it('gives way to a shipped one of its name, is named as unused, and can be removed', async () => {
    const folder = scratch.path('later');
    await mkdir(join(folder, 'tiny-inkwash'), { recursive: true });
    for (const [name, bytes] of Object.entries(files))
      await writeFile(join(folder, 'tiny-inkwash', name), bytes);
    const later = await createHost({
      modelsFolder: TINY_MODELS,
      addedModelsFolder: folder,
      engineEntry: ENGINE_ENTRY,
    });
    expect(later.colorizer('tiny-inkwash').model.shipped).toBe(true);
    expect(later.registry.problems).toEqual([
      { id: 'tiny-inkwash', sentence: expect.stringContaining('one of that name now comes with Inkwash') },
    ]);
    await later.removeModel('tiny-inkwash');
    expect(later.registry.problems).toEqual([]);
    expect(later.colorizer('tiny-inkwash').model.shipped).toBe(true);
    await later.close();
  });

  it('leaves what a link in the models folder points at alone', async () => {
    const precious = scratch.path('precious');
    await mkdir(precious, { recursive: true });
    await writeFile(join(precious, 'drawing.txt'), 'mine');
    await symlink(precious, join(added, 'linked'));
    await host.removeModel('linked');
    expect(await readdir(precious)).toEqual(['drawing.txt']);
  });
});

describe('inkwash models', () => {
  it('adds, lists, verifies and removes, with exit codes', async () => {
    const env = { INKWASH_DATA: scratch.path('shell') };
    const path = await packed(zipOf(files));
    const run = (...words: string[]) => inkwash(['models', ...words], { env });
    expect(await run('add', path)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--method tiny-inkwash'),
    });
    expect((await run('list')).stdout).toMatch(/^tiny-inkwash.*added, method inkwash/m);
    expect((await run('verify')).stdout).toMatch(/^tiny-inkwash +good/m);
    expect(await run('add', path)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there already'),
    });
    expect(await run('remove', 'scft')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('comes with Inkwash'),
    });
    expect(await run('remove', 'tiny-inkwash')).toMatchObject({ code: 0 });
    expect((await run('list')).stdout).not.toContain('tiny-inkwash');
  });
});

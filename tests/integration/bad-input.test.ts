import { spawn } from 'node:child_process';
import { copyFile, mkdir, readFile, readdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { zipSync } from 'fflate';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLI, inkwash, SAMPLES, scratchFolder } from './run-cli.ts';

const ART = join(SAMPLES, 'first-minute', 'boy-with-kitten.webp');
const CATS = join(SAMPLES, 'first-minute', 'boy-with-cats.webp');

let scratch: Awaited<ReturnType<typeof scratchFolder>>;
beforeAll(async () => {
  scratch = await scratchFolder();
});
afterAll(() => scratch.remove());

/** A PNG whose header promises width x height, with almost no data behind it. */
function pngClaiming(width: number, height: number): Buffer {
  const crcTable = Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c >>> 0;
  });
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    let crc = 0xffffffff;
    for (const byte of body) crc = crcTable[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE((crc ^ 0xffffffff) >>> 0, body.length + 4);
    return out;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(64))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Runs colorize and checks that it failed with one sentence that names the file, leaving nothing behind. */
async function expectRefusal(art: string, named: string): Promise<string> {
  const out = scratch.path(`${named}.out.png`);
  const { code, stderr, stdout } = await inkwash(['colorize', art, '--reference', CATS, '--out', out]);
  expect(code, stderr + stdout).toBe(1);
  const lines = stderr.trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^inkwash: /);
  expect(lines[0]).toContain(named);
  expect(lines[0]).not.toMatch(/\bat .*\.js:\d+|Error:/);
  const left = await readdir(scratch.path());
  expect(left.filter((name) => name.includes('.out.png'))).toEqual([]);
  return lines[0]!;
}

describe('a bad drawing gets one clear sentence and exit code 1', () => {
  it('missing', async () => {
    await expectRefusal(scratch.path('nowhere.png'), 'nowhere.png');
  });

  it('a folder', async () => {
    await mkdir(scratch.path('folder.png'));
    await expectRefusal(scratch.path('folder.png'), 'folder.png');
  });

  it('empty', async () => {
    await writeFile(scratch.path('empty.png'), '');
    await expectRefusal(scratch.path('empty.png'), 'empty.png');
  });

  it('truncated', async () => {
    for (const format of ['png', 'jpeg', 'webp', 'tiff'] as const) {
      const path = scratch.path(`half.${format}`);
      await sharp(ART).toFormat(format).toFile(path);
      await truncate(path, Math.round((await readFile(path)).length * 0.55));
      await expectRefusal(path, `half.${format}`);
    }
  });

  it('a decompression bomb', async () => {
    await writeFile(scratch.path('bomb.png'), pngClaiming(60_000, 60_000));
    await expectRefusal(scratch.path('bomb.png'), 'bomb.png');
  });

  it('something else under a picture name', async () => {
    await writeFile(scratch.path('letter.png'), 'Dear artist,\n');
    await writeFile(
      scratch.path('drawing.svg'),
      '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"/>',
    );
    await writeFile(scratch.path('work.psd'), Buffer.concat([Buffer.from('8BPS'), Buffer.alloc(200)]));
    for (const name of ['letter.png', 'drawing.svg', 'work.psd'])
      await expectRefusal(scratch.path(name), name);
  });

  it('one pixel', async () => {
    await sharp({ create: { width: 1, height: 1, channels: 3, background: '#fff' } })
      .png()
      .toFile(scratch.path('dot.png'));
    await expectRefusal(scratch.path('dot.png'), 'dot.png');
  });

  it('a bad reference is named too', async () => {
    await writeFile(scratch.path('broken-reference.png'), 'no picture');
    const { code, stderr } = await inkwash([
      'colorize',
      ART,
      '--reference',
      scratch.path('broken-reference.png'),
      '--out',
      scratch.path('x.png'),
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain('broken-reference.png');
  });
});

describe('a bad document gets one clear sentence too', () => {
  const fixture = (name: string): string =>
    fileURLToPath(new URL(`../fixtures/psd/${name}.psd`, import.meta.url));

  /** The smallest .ora, with entries added or changed. */
  const oraWith = (entries: Record<string, string>): Uint8Array =>
    zipSync(
      Object.fromEntries(
        Object.entries({
          mimetype: 'image/openraster',
          'stack.xml':
            '<image w="64" h="64"><stack><layer name="Ink" src="data/ink.png" x="0" y="0"/></stack></image>',
          ...entries,
        }).map(([name, text]) => [name, new TextEncoder().encode(text)]),
      ),
      { level: 0 },
    );

  it('an .ora that lacks a layer, is cut short, or names a file outside itself', async () => {
    await writeFile(scratch.path('lacks.ora'), oraWith({}));
    expect(await expectRefusal(scratch.path('lacks.ora'), 'lacks.ora')).toMatch(
      /lacks the picture of layer "Ink"/,
    );
    await writeFile(scratch.path('cut.ora'), oraWith({}).subarray(0, 150));
    await expectRefusal(scratch.path('cut.ora'), 'cut.ora');
    await writeFile(scratch.path('climbs.ora'), oraWith({ '../../climbed.txt': 'out' }));
    await expectRefusal(scratch.path('climbs.ora'), 'climbs.ora');
    expect(await readdir(scratch.path('..'))).not.toContain('climbed.txt');
  });

  it('a PSD that is cut short, lies about its width, or is of no known version', async () => {
    await writeFile(scratch.path('cut.psd'), (await readFile(fixture('masks'))).subarray(0, 9000));
    await expectRefusal(scratch.path('cut.psd'), 'cut.psd');
    await expectRefusal(fixture('image-width-30001'), 'image-width-30001.psd');
    await expectRefusal(fixture('version-invalid'), 'version-invalid.psd');
  });
});

describe('an unusual drawing is coloured all the same', () => {
  const unusual: Record<string, (path: string) => Promise<unknown>> = {
    'cmyk.jpg': (path) => sharp(ART).toColourspace('cmyk').jpeg().toFile(path),
    'sixteen-bit.png': (path) => sharp(ART).toColourspace('rgb16').png().toFile(path),
    'turned.jpg': (path) =>
      sharp(ART).resize(400, 300, { fit: 'fill' }).withMetadata({ orientation: 6 }).jpeg().toFile(path),
    'transparent.png': (path) => sharp(ART).ensureAlpha(0.5).png().toFile(path),
    'palette.png': (path) => sharp(ART).png({ palette: true, colours: 8 }).toFile(path),
    'grey.tiff': (path) => sharp(ART).greyscale().tiff().toFile(path),
    'narrow.png': (path) => sharp(ART).resize(40, 600, { fit: 'fill' }).png().toFile(path),
    'ünïcode name – 線画.png': (path) => sharp(ART).png().toFile(path),
  };
  it.each(Object.keys(unusual))('%s', async (name) => {
    const path = scratch.path(name);
    await unusual[name]!(path);
    const before = await readFile(path);
    const out = scratch.path(`${name}.coloured.png`);
    const { code, stderr } = await inkwash(['colorize', path, '--reference', CATS, '--out', out]);
    expect(code, stderr).toBe(0);
    const { width, height } = await sharp(out).metadata();
    const upright = await sharp(path).autoOrient().toBuffer({ resolveWithObject: true });
    expect([width, height]).toEqual([upright.info.width, upright.info.height]);
    expect(Buffer.compare(await readFile(path), before)).toBe(0);
  });

  it('an animation gives its first frame, and says so', async () => {
    const frames = await Promise.all(
      ['#fff', '#000'].map((background) =>
        sharp({ create: { width: 64, height: 64, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const path = scratch.path('moving.webp');
    await sharp(frames, { join: { animated: true } })
      .webp()
      .toFile(path);
    const { code, stderr } = await inkwash([
      'colorize',
      path,
      '--reference',
      CATS,
      '--out',
      scratch.path('moving.png'),
    ]);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/animated.*first picture/i);
  });
});

describe('inputs and places', () => {
  it('never overwrites the drawing or a reference, also not by another name', async () => {
    const art = scratch.path('own.png');
    await sharp(ART).png().toFile(art);
    const before = await readFile(art);
    await symlink(art, scratch.path('alias.png'));
    for (const out of [art, scratch.path('alias.png')]) {
      const { code, stderr } = await inkwash(['colorize', art, '--reference', CATS, '--out', out]);
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/own\.png|alias\.png/);
    }
    expect(Buffer.compare(await readFile(art), before)).toBe(0);
  });

  it('a folder that is not there, a full disk and a forbidden place get a sentence, and no half file stands', async () => {
    const art = scratch.path('place.png');
    await copyFile(ART, art);
    for (const out of [scratch.path('no-such-folder', 'a.png'), '/proc/inkwash.png', '/dev/full/a.png']) {
      const { code, stderr } = await inkwash(['colorize', art, '--reference', CATS, '--out', out]);
      expect(code).toBe(1);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });
});

describe('wrong words exit with 2 and say what was expected', () => {
  it.each([
    [['colourise', ART], /colourise/],
    [['colorize'], /art/],
    [['colorize', ART], /--reference/],
    [['colorize', ART, '--reference', CATS, '--size', '300'], /256, 512, 768/],
    [['colorize', ART, '--reference', CATS, '--method', 'watercolour'], /watercolour.*inkwash.*scft/],
    [['colorize', ART, '--reference', CATS, '--regions', 'maybe'], /on, off/],
    [['colorize', ART, '--reference', CATS, '--gap', '-3'], /gap/],
    [['colorize', ART, '--reference', CATS, '--threads', '0'], /threads/],
    [['colorize', ART, '--reference', CATS, '--out', 'a.gif'], /gif/],
    [['colorize', ART, '--reference', CATS, '--method', 'scft', '--palette', '#fff'], /palette/],
    [['serve', '--port', '70000'], /65535/],
  ] as [string[], RegExp][])('inkwash %j', async (args, expected) => {
    const { code, stderr } = await inkwash(args, { cwd: scratch.path() });
    expect(stderr).toMatch(expected);
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

it('a reader that closes the pipe early gets no complaint', async () => {
  const child = spawn(process.execPath, [CLI, 'models', 'list'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(complaint).toBe('');
  expect(code).toBe(0);
});

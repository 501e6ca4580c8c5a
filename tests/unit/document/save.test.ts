import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../electron/failure.ts';
import { formatOf, saveAtomically } from '../../../electron/document/save.ts';
import { writeDocument } from '../../../electron/document/write-document.ts';
import { inkedPage } from './sample-documents.ts';

/** What the next temporary file's opening or writing does instead of working. */
let fault: { opening?: string; writing?: 'full disk' } = {};

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:fs/promises')>();
  const faulty: typeof real.open = async (path, flags, mode) => {
    if (flags !== 'wx') return real.open(path, flags, mode);
    if (fault.opening) throw Object.assign(new Error(fault.opening), { code: fault.opening });
    const handle = await real.open(path, flags, mode);
    if (fault.writing) {
      // The kernel's own "no space left on device".
      const full = await real.open('/dev/full', 'w');
      handle.writeFile = (data) => full.writeFile(data).finally(() => full.close());
    }
    return handle;
  };
  return { ...real, open: faulty };
});

let folder: string;
beforeEach(() => {
  fault = {};
  folder = mkdtempSync(join(tmpdir(), 'inkwash-save-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const text = (content: string) => new TextEncoder().encode(content);

/** The one sentence a save fails with. */
async function refusal(saving: Promise<void>): Promise<string> {
  try {
    await saving;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.message).toMatch(/^[^\n]{20,240}\.$/);
    return error.message;
  }
  throw new Error('It was saved.');
}

describe('saving', () => {
  it('writes new files and replaces old ones, leaving nothing else in the folder', async () => {
    const path = join(folder, 'page.psd');
    await saveAtomically(path, text('one'));
    await saveAtomically(path, text('two'));
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(readdirSync(folder)).toEqual(['page.psd']);
  });

  it('takes a stream, and keeps the old file until the stream has ended', async () => {
    const path = join(folder, 'book.ora');
    writeFileSync(path, 'old');
    async function* chunks() {
      yield text('new ');
      expect(readFileSync(path, 'utf8')).toBe('old');
      yield text('book');
    }
    await saveAtomically(path, chunks());
    expect(readFileSync(path, 'utf8')).toBe('new book');
  });

  it('a stream that breaks leaves the old file and no other', async () => {
    const path = join(folder, 'book.ora');
    writeFileSync(path, 'old');
    async function* chunks() {
      yield text('half');
      throw new Failure('engine', 'The engine stopped.');
    }
    await expect(saveAtomically(path, chunks())).rejects.toMatchObject({ kind: 'engine' });
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['book.ora']);
  });

  it('a cancel leaves the old file and no other', async () => {
    const controller = new AbortController();
    async function* chunks() {
      yield text('half');
      controller.abort();
      yield text('other half');
    }
    const saving = saveAtomically(join(folder, 'a.psd'), chunks(), { signal: controller.signal });
    await expect(saving).rejects.toMatchObject({ kind: 'cancelled' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('follows a link and keeps the permissions of what it replaces', async () => {
    const real = join(folder, 'real.png');
    writeFileSync(real, 'old', { mode: 0o640 });
    symlinkSync(real, join(folder, 'link.png'));
    await saveAtomically(join(folder, 'link.png'), text('new'));
    expect(readFileSync(real, 'utf8')).toBe('new');
    expect(statSync(real).mode & 0o777).toBe(0o640);
  });
});

describe('inputs are never overwritten', () => {
  it('by the same path, another spelling of it, a symbolic or a hard link', async () => {
    const input = join(folder, 'art.png');
    writeFileSync(input, 'art');
    symlinkSync(input, join(folder, 'soft.png'));
    linkSync(input, join(folder, 'hard.png'));
    for (const name of [
      'art.png',
      './art.png',
      '../' + folder.split('/').pop() + '/art.png',
      'soft.png',
      'hard.png',
    ]) {
      const sentence = await refusal(
        saveAtomically(`${folder}/${name}`, text('x'), { inputs: ['/nowhere', input] }),
      );
      expect(sentence).toMatch(/is one of the pictures this was made from; save under another name\.$/);
    }
    expect(readFileSync(input, 'utf8')).toBe('art');
  });

  it('even one that has been deleted meanwhile', async () => {
    const input = join(folder, 'gone.png');
    await refusal(saveAtomically(input, text('x'), { inputs: [input] }));
    expect(existsSync(input)).toBe(false);
  });
});

describe('what the disk answers becomes one sentence with the remedy, and no half-written file', () => {
  it('a full disk', async () => {
    const path = join(folder, 'page.psd');
    writeFileSync(path, 'old');
    fault = { writing: 'full disk' };
    expect(await refusal(saveAtomically(path, text('new')))).toBe(
      `page.psd was not saved: the disk of ${folder} is full; free some space and try again.`,
    );
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['page.psd']);
  });

  it('a read-only disk, a folder that may not be written in', async () => {
    fault = { opening: 'EROFS' };
    expect(await refusal(saveAtomically(join(folder, 'a.psd'), text('')))).toBe(
      `a.psd was not saved: ${folder} is read-only; choose another folder.`,
    );
    fault = { opening: 'EACCES' };
    expect(await refusal(saveAtomically(join(folder, 'a.psd'), text('')))).toBe(
      `a.psd was not saved: you may not write in ${folder}; choose another folder.`,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('a folder that does not exist, a file where a folder should be, a folder where the file should be', async () => {
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'a.psd'));
    expect(await refusal(saveAtomically(join(folder, 'no', 'a.psd'), text('')))).toMatch(
      /^a\.psd was not saved: the folder .*\/no does not exist; create it or choose another\.$/,
    );
    expect(await refusal(saveAtomically(join(folder, 'file', 'a.psd'), text('')))).toMatch(
      /\/file is not a folder/,
    );
    expect(await refusal(saveAtomically(join(folder, 'a.psd'), text('')))).toMatch(
      /a\.psd is a folder; choose a file name/,
    );
    expect(readdirSync(folder).sort()).toEqual(['a.psd', 'file']);
  });

  it('a name that is too long, a place where nothing can be made', async () => {
    expect(await refusal(saveAtomically(join(folder, 'x'.repeat(300) + '.psd'), text('')))).toMatch(
      /name is too long/,
    );
    await refusal(saveAtomically('/proc/inkwash.psd', text('')));
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the format', () => {
  it('is told by the ending, in any case', () => {
    expect(['a.PNG', '/b/c.psd', 'd.e.Ora'].map(formatOf)).toEqual(['png', 'psd', 'ora']);
  });

  it('that Inkwash does not write is refused with those it does', () => {
    for (const path of ['a.gif', 'a', '.psd'])
      expect(() => formatOf(path)).toThrow(
        /should end in \.psd, \.ora or \.png; Inkwash writes no other format\.$/,
      );
  });

  it('decides what a document is written as', async () => {
    const starts = { 'p.psd': '8BPS', 'p.ora': 'PK', 'p.png': '\x89PNG' };
    for (const [name, start] of Object.entries(starts)) {
      await writeDocument(inkedPage(), join(folder, name));
      const file = await open(join(folder, name));
      const { buffer } = await file.read(Buffer.alloc(4), 0, 4).finally(() => file.close());
      expect(buffer.toString('latin1').startsWith(start)).toBe(true);
    }
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { EventEmitter } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { BrowserWindow } from 'electron';
import { expect, it } from 'vitest';
import { drawingsIn } from '../../../electron/opened-files.ts';
import { keepPlace, readPlace } from '../../../electron/window-place.ts';
import { FakeBrowserWindow } from './electron-stand-in.ts';

it('the drawings of a command line are found among its other words, from the folder it was given in', () => {
  const words = [
    '/opt/inkwash',
    '--no-sandbox',
    'page 1.ora',
    '../b.PSD',
    '/c/d.webp',
    'notes.txt',
    '--x.png',
    'main.js',
  ];
  expect(drawingsIn(words, '/home/artist/book')).toEqual(
    ['/home/artist/book/page 1.ora', '/home/artist/b.PSD', '/c/d.webp'].map((path) => resolve(path)),
  );
});

it('file managers may name them by URLs', () => {
  expect(
    drawingsIn(['file:///home/artist/page%201.ora', 'file://%zz.png', 'https://a.b/c.png?x'], '/'),
  ).toEqual([resolve('/home/artist/page 1.ora')]);
});

it('a window opens where it stood, but not off the screens', () => {
  const folder = mkdtempSync(join(tmpdir(), 'inkwash-window-'));
  const file = join(folder, 'window.json');
  const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }];
  expect(readPlace(file, screens)).toEqual({ place: { width: 1440, height: 900 }, maximized: false });
  const window = new FakeBrowserWindow({ webPreferences: {} }) as EventEmitter;
  keepPlace(window as BrowserWindow, file);
  window.emit('close');
  const place = { x: 40, y: 30, width: 1200, height: 800 };
  expect(readPlace(file, screens)).toEqual({ place, maximized: false });
  expect(readPlace(file, [{ x: 4000, y: 0, width: 800, height: 600 }]).place).toEqual({
    width: 1200,
    height: 800,
  });
  writeFileSync(file, '{"x":1e99}');
  expect(readPlace(file, screens).place).toEqual({ width: 1440, height: 900 });
  rmSync(folder, { recursive: true });
});

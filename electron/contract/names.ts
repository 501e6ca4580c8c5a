import { colourNames } from './colour-names.ts';
import { faceNames } from './face-names.ts';
import { shellNames } from './shell-names.ts';
import { galleryNames } from './gallery-names.ts';
import type { Channel } from './table.ts';

/** Channel names alone, so that the sandboxed preload script need not carry the schemas. */
const names: Record<Channel, true> = {
  'app.info': true,
  'sample.open': true,
  'drawing.open': true,
  'drawing.close': true,
  'reference.add': true,
  'reference.remove': true,
  'colorize.run': true,
  'colorize.correspondence': true,
  'lines.draw': true,
  'layer.pixels': true,
  'layer.update': true,
  'painting.new': true,
  'painting.pixels': true,
  'painting.put': true,
  'document.export': true,
  'document.save': true,
  'file.read': true,
  ...colourNames,
  ...faceNames,
  ...shellNames,
  ...galleryNames,
};

export function isChannel(name: unknown): name is Channel {
  return typeof name === 'string' && Object.hasOwn(names, name);
}

/** Electron's IPC channels: everything the contract says travels on these two. */
export const TO_HOST = 'inkwash:to-host';
export const TO_RENDERER = 'inkwash:to-renderer';

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import envPaths from 'env-paths';

/** The program's own folders, the same from `electron/` (tests) and from `dist/electron/` (built). */
function rootFrom(url: string): URL {
  return new URL(url.includes('/dist/electron/') ? '../../' : '../', url);
}
const root = rootFrom(import.meta.url);
const place = (relative: string): string => fileURLToPath(new URL(relative, root));

export const PACKAGE_FILE = place('package.json');
export const MODELS_FOLDER = place('models');
/** What Inkwash keeps for this user: settings, added models, recovery copies; INKWASH_DATA moves it elsewhere. */
export const DATA_FOLDER = process.env['INKWASH_DATA'] ?? envPaths('inkwash', { suffix: '' }).data;
export const ADDED_MODELS_FOLDER = join(DATA_FOLDER, 'models');
export const SAMPLES_FOLDER = place('samples');
export const RENDERER_FOLDER = place('dist/renderer');
/** Packages the program is made of, written by the build. */
export const LICENCES_FILE = place('dist/licences.json');
export const HOST_ENTRY = place('dist/electron/host-process.js');
export const ENGINE_ENTRY = place('dist/electron/engine/process.js');
/** What `inkwash quality` measures on when no folder is named. */
export const PAIRS_FOLDER = place('tests/fixtures/pairs');
/** The network LPIPS is measured with; no part of a packaged program. */
export const LPIPS_FILE = place('tests/fixtures/lpips/lpips.onnx');

// Builds the program into dist/: the Node side with tsc, the preload script as one CommonJS file, the window with Vite.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const require = createRequire(import.meta.url);

if (!existsSync(join(root, 'node_modules', 'typescript'))) {
  // Installed as a dependency or with --omit=dev: the published package carries its dist/ already.
  process.exit(0);
}
const bin = (name, file) => join(dirname(require.resolve(`${name}/package.json`)), file);
const node = (...args) => execFileSync(process.execPath, args, { stdio: 'inherit' });

rmSync('dist', { recursive: true, force: true });
node(bin('typescript', 'bin/tsc'), '-p', 'electron/tsconfig.json');
const { build } = await import('esbuild');
await build({
  entryPoints: ['electron/preload.ts'],
  outfile: 'dist/electron/preload.cjs',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['electron'],
});
const { build: buildWindow } = await import('vite');
const { bundledPackages, writeLicences } = await import('./licences.mjs');
const bundled = new Set();
await buildWindow({
  configFile: 'renderer/vite.config.ts',
  logLevel: 'warn',
  plugins: [bundledPackages(bundled)],
});
writeLicences('dist/licences.json', bundled);
chmodSync('dist/electron/cli.js', 0o755);

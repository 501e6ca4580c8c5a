// The test command: build, lint, types, unit, integration and browser tests; installs the browser it needs.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';

function step(name, command, args, env = {}) {
  console.log(`\n== ${name}`);
  const started = Date.now();
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  if (error || status !== 0) {
    console.error(`\n${name} failed${error ? `: ${error.message}` : ''}.`);
    process.exit(status ?? 1);
  }
  console.log(`   ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

const debian = existsSync('/etc/debian_version') && process.getuid?.() === 0;
const CHROMIUM = '/usr/bin/chromium';

/** Debian's chromium (and ImageMagick, which reads our PSDs) when root on Debian; playwright's own browser elsewhere. */
function browserEnvironment() {
  const set = process.env.INKWASH_CHROMIUM;
  if (set) return { INKWASH_CHROMIUM: set };
  if (debian) {
    const missing = [
      [CHROMIUM, 'chromium'],
      ['/usr/bin/identify', 'imagemagick'],
    ].filter(([path]) => !existsSync(path));
    if (missing.length > 0) {
      const env = { DEBIAN_FRONTEND: 'noninteractive' };
      step('package lists', 'apt-get', ['update', '-qq'], env);
      const packages = missing.map(([, name]) => name);
      step(
        `installing ${packages.join(', ')}`,
        'apt-get',
        ['install', '-y', '-qq', '--no-install-recommends', ...packages],
        env,
      );
    }
    return { INKWASH_CHROMIUM: CHROMIUM };
  }
  step('the test browser', npx, ['playwright-core', 'install', 'chromium']);
  return {};
}

const env = browserEnvironment();
step('build', process.execPath, ['build/build.mjs']);
step('format', npx, ['prettier', '--check', '--log-level', 'warn', '.']);
step('lint', npx, ['eslint', '.', '--max-warnings', '0']);
step('types', npx, ['tsc', '-p', 'tsconfig.json']);
step('svelte-check', npx, ['svelte-check', '--tsconfig', 'renderer/tsconfig.json', '--fail-on-warnings']);
step('tests', npx, ['vitest', 'run'], env);
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
console.log(`\nInkwash ${version}: all steps passed.`);

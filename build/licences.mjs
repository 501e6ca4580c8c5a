// What the program is made of, with licences: dist/licences.json, shown in About. Packages the Node side needs come from
// the lockfile; those inside the window's bundle are those whose modules Vite put into it.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MAX_TEXT = 64 * 1024;
const LICENCE_FILE = /^(?:licen[cs]e|copying)(?:[.-].*)?$/i;

/** A Vite plugin that notes which packages' modules end up in the bundle. */
export function bundledPackages(names) {
  return {
    name: 'bundled-packages',
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle))
        for (const id of chunk.moduleIds ?? []) {
          const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll('\\', '/'))?.[1];
          if (name) names.add(name);
        }
    },
  };
}

function licenceText(folder) {
  if (!existsSync(folder)) return '';
  const file = readdirSync(folder).find((name) => LICENCE_FILE.test(name));
  return file ? readFileSync(join(folder, file), 'utf8').slice(0, MAX_TEXT) : '';
}

/** Every shipped package once a version. @param bundled names of packages in the window's bundle. */
export function shippedPackages(bundled) {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const found = new Map();
  for (const [path, entry] of Object.entries(packages)) {
    const name = /.*node_modules\/(.+)$/.exec(path)?.[1];
    // The runtime itself is shipped too.
    const ships =
      name && (!(entry.dev || entry.devOptional) || bundled.has(name) || path === 'node_modules/electron');
    if (!ships || entry.link) continue;
    const about = existsSync(join(path, 'package.json'))
      ? JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
      : {};
    const licence = entry.license ?? about.license ?? '';
    found.set(`${name}@${entry.version}`, {
      name,
      version: entry.version,
      licence: typeof licence === 'string' ? licence : String(licence.type),
      text: licenceText(path),
    });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function writeLicences(file, bundled) {
  writeFileSync(file, JSON.stringify(shippedPackages(bundled)));
}

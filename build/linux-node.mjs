// electron-builder's afterPack hook: gives a Linux package the Node that its host runs in (electron/host-owner.ts says
// why it can't be Electron's own), from the npm registry, pinned by hash, as resources/node with its licence beside it.
// Fetched here and not a dependency, because its `node` would take the place of the user's in npm scripts.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Arch } from 'electron-builder';

const VERSION = '24.21.0';
const SHA512 = {
  x64: '3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  arm64: 'FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
};
const root = dirname(dirname(fileURLToPath(import.meta.url)));

export default async function addNode({ electronPlatformName, arch: archNumber, appOutDir }) {
  if (electronPlatformName !== 'linux') return;
  const arch = Arch[archNumber];
  if (!SHA512[arch])
    throw new Error(`No Node is pinned for Linux on ${arch}; add its hash to build/linux-node.mjs.`);
  const folder = join(root, 'out', 'node', arch);
  mkdirSync(folder, { recursive: true });
  const run = (command, ...args) =>
    execFileSync(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  run('npm', 'pack', '--silent', `node-linux-${arch}@${VERSION}`);
  const archive = join(folder, `node-linux-${arch}-${VERSION}.tgz`);
  const hash = createHash('sha512').update(readFileSync(archive)).digest('base64');
  if (hash !== SHA512[arch]) throw new Error(`${archive} is not what was pinned: its SHA-512 is ${hash}.`);
  run('tar', '-xzf', archive, 'package/bin/node', 'package/LICENSE');
  const resources = join(appOutDir, 'resources');
  copyFileSync(join(folder, 'package/bin/node'), join(resources, 'node'));
  chmodSync(join(resources, 'node'), 0o755);
  copyFileSync(join(folder, 'package/LICENSE'), join(appOutDir, 'LICENSE.node.txt'));
}

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** @platformatic/kafka and a Node that runs it. */
export interface PlatformaticRuntime {
  /** The folder `node_modules` that it lies in. */
  readonly modules: string;
  readonly node: string;
  readonly version: string;
  readonly nodeVersion: string;
}

export const HOW_TO_GET_PLATFORMATIC =
  '@platformatic/kafka was not found: npm install --prefix DIR @platformatic/kafka@2.12.1 node@24 --engine-strict=false, then NODE_PATH=DIR/node_modules';

/**
 * It needs a newer Node than this repository does, and an older one does not install it: then a folder of its own holds
 * it beside the npm package `node`. Looked for among our own dependencies, in NODE_PATH, and where the tests of
 * @naru/embedded-kafka keep one.
 */
export function findPlatformatic(): PlatformaticRuntime | null {
  const configured = (process.env.NODE_PATH ?? '').split(delimiter).filter(Boolean);
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'naru/platformatic-kafka-2.12.1');
  for (const modules of [ownModules(), ...configured, join(cache, 'node_modules')]) {
    const manifest = modules && readManifest(join(modules, '@platformatic/kafka'));
    if (!modules || !manifest) continue;
    if (isRecent(process.versions.node)) {
      return { modules, node: process.execPath, version: manifest.version, nodeVersion: process.versions.node };
    }
    const node = readManifest(join(modules, 'node'));
    const binary = join(modules, 'node/bin/node');
    if (node && isRecent(node.version) && existsSync(binary)) {
      return { modules, node: binary, version: manifest.version, nodeVersion: node.version };
    }
  }
  return null;
}

/** Where pnpm put it as an optional dependency of ours, if this Node is recent enough. */
function ownModules(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve('@platformatic/kafka');
    const end = entry.lastIndexOf(join('@platformatic', 'kafka'));
    return end > 0 ? dirname(entry.slice(0, end + 1)) : undefined;
  } catch {
    return undefined;
  }
}

function readManifest(folder: string): { readonly version: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly version: string };
  } catch {
    return undefined;
  }
}

/** Its `engines`: ≥ 22.22 of Node 22, ≥ 24.6 of 24. */
function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 6) || (major === 22 && minor >= 22);
}

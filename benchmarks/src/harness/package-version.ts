import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** The installed version of a package, or null when it is not installed. */
export function packageVersion(name: string): string | null {
  try {
    let folder = dirname(require.resolve(name));
    for (;;) {
      const manifest = readManifest(join(folder, 'package.json'));
      if (manifest?.name === name) return manifest.version ?? null;
      const parent = dirname(folder);
      if (parent === folder) return null;
      folder = parent;
    }
  } catch {
    return null;
  }
}

function readManifest(path: string): { readonly name?: string; readonly version?: string } | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

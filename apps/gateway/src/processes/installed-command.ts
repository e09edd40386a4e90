import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CommandFailure } from '../command/ending/command-failure.js';

/** The script of a package's command, found as any `import` here would find it. */
export function installedCommand(packageName: string): string {
  let manifest: string;
  try {
    manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  } catch (cause) {
    throw new CommandFailure(
      'failed',
      `${packageName} is not installed. Install it beside the gateway: npm install ${packageName}.`,
      cause,
    );
  }
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly bin: Readonly<Record<string, string>> };
  return join(dirname(manifest), Object.values(bin)[0]!);
}

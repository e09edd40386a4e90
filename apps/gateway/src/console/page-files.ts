import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the console page, as it is sent. */
export interface PageFile {
  readonly contentType: string;
  readonly body: Buffer;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * What a browser is told with every file of the page: to run and fetch nothing but what comes from here, to submit
 * nothing, and to show it in no frame.
 */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  // A gateway that was updated has another page at the same address.
  'cache-control': 'no-cache',
};

/** The files of the console page by the path that they are asked for: a closed set, so that no path leads elsewhere. */
export function readPageFiles(): ReadonlyMap<string, PageFile> {
  const folder = pageFolder();
  if (folder === undefined) return new Map();
  return new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name): [string, PageFile][] => {
      const contentType = contentTypes[extname(name)];
      if (contentType === undefined) return [];
      const file = { contentType, body: readFileSync(join(folder, name)) };
      return [[name === 'index.html' ? '/' : `/console/${name.replaceAll('\\', '/')}`, file]];
    }),
  );
}

/** Beside this file where it is built; sources are run by tests, and use what was built. */
function pageFolder(): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  return [join(here, 'page'), join(here, '..', '..', 'dist', 'console', 'page')].find((folder) =>
    existsSync(join(folder, 'main.js')),
  );
}

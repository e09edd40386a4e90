import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { version as typescriptVersion } from 'typescript';
import { writeReference } from './write-reference.js';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const root = fileURLToPath(new URL('../../..', import.meta.url));
const out = values.check ? undefined : join(root, 'docs', 'api');
const { packages, problems } = await writeReference({ root, out });
process.stderr.write(
  `${packages} packages read with TypeScript ${typescriptVersion}, ${problems} problem(s)${out ? `; written to ${join(out, 'index.html')}` : ''}\n`,
);
process.exitCode = problems > 0 ? 1 : 0;

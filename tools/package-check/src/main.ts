import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkPackages } from './check-packages.js';

const usage = `pnpm packages [--short] [--write] [NAME …]
  Packs what is published, and checks it as a stranger would find it.
  --short   installs one package only, on this Node
  --write   writes installed sizes into the READMEs and docs/licences.md
  NAME      installs these only, such as @naru/core`;

/** Has dependencies of both kinds, a program, several entries and an example that needs no server. */
const typical = '@naru/circuit-breaker';

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { short: { type: 'boolean' }, write: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) process.stdout.write(`${usage}\n`);
  else {
    const install = values.short ? [typical] : positionals.length > 0 ? positionals : undefined;
    const problems = await checkPackages({
      root: fileURLToPath(new URL('../../..', import.meta.url)),
      ...(install ? { install } : {}),
      otherNode: values.short ? undefined : '24',
      write: values.write ?? false,
      progress: (line) => process.stdout.write(`${line}\n`),
    });
    for (const problem of problems) process.stderr.write(`${problem}\n`);
    process.stdout.write(problems.length === 0 ? 'packages: no problem\n' : `packages: ${problems.length} problems\n`);
    process.exitCode = problems.length === 0 ? 0 : 1;
  }
} catch (error) {
  process.stderr.write(`naru: ${error instanceof Error ? error.message : String(error)}\n${usage}\n`);
  process.exitCode = 1;
}

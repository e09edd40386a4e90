import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runNaruLoad } from '../gateway/naru-load.js';
import { repositoryRoot } from '../harness/repository-root.js';
import { loadSection, withLoadSection } from './load-section.js';

/*
 * `pnpm load:soak`: five minutes of load, and its figures in docs/reliability.md.
 */
const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: '300' },
    markets: { type: 'string', default: '500' },
    'no-write': { type: 'boolean', default: false },
  },
});
const { rate, seconds, markets } = values;
const asked = { rate, seconds, markets };
const isDefault = rate === '20000' && seconds === '300' && markets === '500';
const options = Object.entries(asked).flatMap(([name, value]) => [`--${name}`, value]);
// Starting, subscribing and reading back take their time besides.
const report = await runNaruLoad(options, (Number(seconds) * 2 + 600) * 1_000);
const command = `pnpm load:soak${isDefault ? '' : ` ${options.join(' ')}`}`;
const section = loadSection(report, command, new Date().toISOString().slice(0, 10));
process.stdout.write(section);
if (!values['no-write']) {
  const path = join(repositoryRoot(), 'docs', 'reliability.md');
  writeFileSync(path, withLoadSection(existsSync(path) ? readFileSync(path, 'utf8') : '# Reliability\n', section));
}
if (!report.ok) process.exitCode = 1;

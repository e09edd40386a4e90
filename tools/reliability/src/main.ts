import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { courses } from './courses.js';
import { rowOf, withResults } from './document.js';
import { endEverything } from './left-over.js';
import { parseOptions, usage } from './options.js';
import { repository } from './repository.js';
import { runCourses } from './run-courses.js';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    process.exit(130);
  });
}
process.once('exit', endEverything);

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(`${usage}\n`);
  else {
    const begin = performance.now();
    const say = (line: string): void => {
      process.stderr.write(`${((performance.now() - begin) / 1_000).toFixed(0).padStart(5)} s  ${line}\n`);
    };
    const results = await runCourses(options.chosen, options.short, say);
    process.stdout.write(`${options.json ? JSON.stringify(results) : results.map(rowOf).join('\n')}\n`);
    if (!options.short) {
      const file = join(repository, 'docs/reliability.md');
      const order = courses.map(({ course }) => course.name);
      await writeFile(file, withResults(await readFile(file, 'utf8'), results, order));
    }
    if (results.some(({ broken }) => broken.length > 0)) process.exitCode = 1;
  }
} catch (error) {
  process.stderr.write(`naru: ${(error as Error).message}\n`);
  process.exitCode = 1;
}

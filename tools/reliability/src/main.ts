import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { courses } from './courses.js';
import { machine, rowOf, withResults } from './document.js';
import { type HostileResult, runHostileInput, withHostileInput } from './hostile-input.js';
import { endEverything } from './left-over.js';
import { parseOptions, usage } from './options.js';
import { repository } from './repository.js';
import { type CourseResult, runCourses } from './run-courses.js';
import { startServers } from './servers/servers.js';

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
    say('starting Kafka, Redis and the registry');
    await using servers = await startServers();
    const results = await runCourses(servers, options.chosen, options.short, say);
    const hostile = options.hostile ? await runHostileInput(servers) : undefined;
    process.stdout.write(
      `${options.json ? JSON.stringify({ courses: results, hostile }) : results.map(rowOf).join('\n')}\n`,
    );
    if (!options.short) await writeDocument(results, hostile);
    if (results.some(({ broken }) => broken.length > 0) || hostile?.passed === false) process.exitCode = 1;
  }
} catch (error) {
  process.stderr.write(`naru: ${(error as Error).message}\n`);
  process.exitCode = 1;
}

async function writeDocument(results: readonly CourseResult[], hostile: HostileResult | undefined): Promise<void> {
  const file = join(repository, 'docs/reliability.md');
  const order = courses.map(({ course }) => course.name);
  let document = await readFile(file, 'utf8');
  if (results.length > 0) document = withResults(document, results, order);
  if (hostile) document = withHostileInput(document, hostile, machine());
  await writeFile(file, document);
}

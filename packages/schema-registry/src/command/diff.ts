import { resolve } from 'node:path';
import { diffSchemas, type SchemaChange } from '../avro/schema-diff.js';
import { loadSchemaDirectory } from '../directory/load-schema-directory.js';
import { type BaselineOptions, openBaseline } from './baseline.js';
import { type CommandResult, exitCodes } from './command-io.js';

interface SubjectDiff {
  readonly subject: string;
  readonly status: 'added' | 'removed' | 'changed' | 'unchanged';
  readonly changes: readonly SchemaChange[];
}

/** What changed in each schema since the newest version of the baseline, in words. Differences are no failure. */
export async function diff(options: BaselineOptions): Promise<CommandResult> {
  const schemas = await loadSchemaDirectory(resolve(options.cwd, options.dir));
  await using baseline = await openBaseline(options);
  const subjects: SubjectDiff[] = [];
  for (const { subject, parsed } of schemas) {
    // Only the newest version is looked at, whatever the level.
    const newest = (await baseline.versions(subject, 'BACKWARD')).at(-1);
    const changes = newest ? diffSchemas(newest.parsed.root, parsed.root) : [];
    subjects.push({ subject, changes, status: !newest ? 'added' : changes.length > 0 ? 'changed' : 'unchanged' });
  }
  // A registry serves others as well: what it has besides is not missing here.
  if (!/^https?:/.test(options.against)) {
    const known = new Set(schemas.map(({ subject }) => subject));
    for (const subject of await baseline.subjects()) {
      if (!known.has(subject)) subjects.push({ subject, status: 'removed', changes: [] });
    }
  }
  return { exitCode: exitCodes.fine, json: { against: options.against, subjects }, lines: subjects.flatMap(linesOf) };
}

function linesOf({ subject, status, changes }: SubjectDiff): readonly string[] {
  return [
    `${status.padEnd(9)} ${subject}`,
    ...changes.map(({ location, before, after }) => {
      if (before === undefined) return `  + ${location}: ${after}`;
      if (after === undefined) return `  - ${location}: ${before}`;
      return `  ~ ${location}: ${before} → ${after}`;
    }),
  ];
}

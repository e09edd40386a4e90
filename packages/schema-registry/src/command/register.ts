import { resolve } from 'node:path';
import { checkCompatibility } from '../avro/compatibility.js';
import type { SchemaRegistryClient } from '../client/types.js';
import { effectiveLevel } from '../directory/effective-level.js';
import { type DirectorySchema, loadSchemaDirectory } from '../directory/load-schema-directory.js';
import { preflight } from '../directory/preflight.js';
import { fetchHistory } from '../directory/subject-history.js';
import { type CommandResult, exitCodes } from './command-io.js';
import { isSame } from './compare.js';
import { connectRegistry, type RegistryOptions } from './registry-options.js';

export interface RegisterOptions extends RegistryOptions {
  readonly dir: string;
  readonly registry: string;
  /** Say what would happen, change nothing. */
  readonly dryRun: boolean;
  /** Set each subject's level to the one in `schemas.json` first. */
  readonly setCompatibility: boolean;
}

interface Plan {
  readonly subject: string;
  readonly file: string;
  readonly action: 'keep' | 'register' | 'refuse';
  readonly reasons: readonly string[];
}

/** Registers the schemas of a directory, those that others refer to first; nothing at all when one would be refused. */
export async function register(options: RegisterOptions): Promise<CommandResult> {
  const schemas = await loadSchemaDirectory(resolve(options.cwd, options.dir));
  await using client = await connectRegistry(options.registry, options);
  const plans: Plan[] = [];
  for (const schema of schemas) plans.push(await plan(client, schema, options.setCompatibility));
  const refused = plans.some(({ action }) => action === 'refuse');
  if (options.dryRun || refused) {
    const json = { registered: false, dryRun: options.dryRun, subjects: plans };
    return { exitCode: refused ? exitCodes.incompatible : exitCodes.fine, json, lines: plans.flatMap(planLines) };
  }
  const { setCompatibility } = options;
  const { ids, otherLevels } = await preflight({ client, schemas, register: true, setCompatibility });
  const subjects = plans.map(({ subject, file, action }) => ({ subject, file, action, id: ids.get(subject) }));
  return {
    exitCode: exitCodes.fine,
    json: { registered: true, subjects, otherLevels },
    lines: [
      ...subjects.map(({ subject, file, action, id }) => `${done[action].padEnd(10)} ${subject}  ${file}  id ${id}`),
      ...otherLevels.map(
        ({ subject, declared, actual }) =>
          `note: ${subject} is ${actual} in the registry and ${declared} in schemas.json; --set-compatibility sets it`,
      ),
    ],
  };
}

const done = { keep: 'kept', register: 'registered', refuse: 'refused' } as const;

/** By the level that will be in force, which is the registry's own unless it is to be set. */
async function plan(client: SchemaRegistryClient, schema: DirectorySchema, setCompatibility: boolean): Promise<Plan> {
  const { subject, file, parsed } = schema;
  const level = setCompatibility ? schema.compatibility : await effectiveLevel(client, subject);
  const all = await fetchHistory(client, subject, 'FULL_TRANSITIVE');
  if (all.some((version) => isSame(version.parsed, parsed))) return { subject, file, action: 'keep', reasons: [] };
  const { compatible, incompatibilities } = checkCompatibility(
    parsed,
    all.map((version) => version.parsed),
    level,
  );
  const reasons = incompatibilities.map(
    ({ against, direction, location, kind, message }) =>
      `version ${all[against]!.version}, ${direction}, ${location}: ${kind}: ${message}`,
  );
  return { subject, file, action: compatible ? 'register' : 'refuse', reasons };
}

function planLines({ subject, file, action, reasons }: Plan): readonly string[] {
  return [`would ${action.padEnd(8)} ${subject}  ${file}`, ...reasons.map((reason) => `  ${reason}`)];
}

import { type CompatibilityLevel, checkCompatibility } from '../avro/compatibility.js';
import type { SchemaDefinition, SchemaReference, SchemaRegistryClient } from '../client/types.js';
import { SchemaRegistryError, type SubjectProblem } from '../registry-error.js';
import { effectiveLevel } from './effective-level.js';
import type { DirectorySchema } from './load-schema-directory.js';
import { fetchHistory, orUndefined } from './subject-history.js';

export interface PreflightOptions {
  readonly client: SchemaRegistryClient;
  /** What the program writes, from `loadSchemaDirectory`: each schema after those it refers to. */
  readonly schemas: readonly DirectorySchema[];
  /** Register what is not registered yet. Default false: then it is a problem. */
  readonly register?: boolean;
  /** Set each subject's level to the one in `schemas.json`, before anything is registered. Default false. */
  readonly setCompatibility?: boolean;
  readonly signal?: AbortSignal;
}

export interface PreflightResult {
  /** Id of each subject's schema, exactly as it stands in the directory. */
  readonly ids: ReadonlyMap<string, number>;
  /** Subjects that promise something else than `schemas.json` says. */
  readonly otherLevels: readonly OtherLevel[];
}

export interface OtherLevel {
  readonly subject: string;
  readonly declared: CompatibilityLevel;
  readonly actual: CompatibilityLevel;
}

interface Pinned {
  readonly id: number;
  readonly version: number;
}

/**
 * To be called before the first message: every schema must be registered under its subject (or be registered now), and
 * its id is pinned, so that nothing has to be asked later.
 * @throws SchemaRegistryError `preflight_failed` with every problem in `problems`; what the client throws when the
 * registry cannot be asked.
 */
export async function preflight(options: PreflightOptions): Promise<PreflightResult> {
  const { client, schemas, signal } = options;
  const call = signal ? { signal } : {};
  const pinned = new Map<string, Pinned>();
  const problems: SubjectProblem[] = [];
  const otherLevels: OtherLevel[] = [];

  for (const schema of schemas) {
    const { subject, compatibility: declared } = schema;
    if (options.setCompatibility) await client.setCompatibilityLevel(declared, subject, call);
    const actual = await effectiveLevel(client, subject, call);
    if (actual !== declared) otherLevels.push({ subject, declared, actual });

    const broken = schema.references.find((reference) => !pinned.has(reference.subject));
    if (broken) {
      problems.push({ subject, message: `it refers to ${broken.name} of ${broken.subject}, which is not registered` });
      continue;
    }
    const definition = { schema: schema.schema, references: pinReferences(schema, pinned) };
    const found = options.register ? await register(schema, definition) : await lookup(schema, definition);
    if (found) pinned.set(subject, found);
  }

  if (problems.length > 0) throw preflightError(problems);
  return { ids: new Map([...pinned].map(([subject, { id }]) => [subject, id])), otherLevels };

  async function register(
    { subject, parsed }: DirectorySchema,
    definition: SchemaDefinition,
  ): Promise<Pinned | undefined> {
    try {
      const { id, version } = await client.register(subject, definition, call);
      return { id, version: version ?? (await client.lookup(subject, definition, call)).version };
    } catch (error) {
      if (!(error instanceof SchemaRegistryError) || error.code !== 'incompatible') throw error;
      const level = await effectiveLevel(client, subject, call);
      const explained = await explain(subject, parsed, level);
      problems.push(explained.incompatibilities ? explained : { subject, message: error.message });
      return undefined;
    }
  }

  async function lookup(
    { subject, parsed, compatibility }: DirectorySchema,
    definition: SchemaDefinition,
  ): Promise<Pinned | undefined> {
    const found = await orUndefined(client.lookup(subject, definition, call));
    if (!found) problems.push(await explain(subject, parsed, compatibility));
    return found;
  }

  /** Why a schema is not there, and what would happen if it were registered. */
  async function explain(
    subject: string,
    next: DirectorySchema['parsed'],
    level: CompatibilityLevel,
  ): Promise<SubjectProblem> {
    const history = await fetchHistory(client, subject, level);
    if (history.length === 0) return { subject, message: 'the registry does not have the subject' };
    const { incompatibilities } = checkCompatibility(
      next,
      history.map(({ parsed }) => parsed),
      level,
    );
    if (incompatibilities.length === 0)
      return { subject, message: 'this version of the schema is not registered, but it could be' };
    const reasons = incompatibilities.map(
      ({ against, location, message }) => `version ${history[against]!.version}, ${location}: ${message}`,
    );
    return { subject, message: `the schema is not ${level} compatible (${reasons.join('; ')})`, incompatibilities };
  }
}

/** References as the registry wants them, with the versions that were found for their subjects. */
function pinReferences(schema: DirectorySchema, pinned: ReadonlyMap<string, Pinned>): readonly SchemaReference[] {
  return schema.references.map(({ name, subject }) => ({ name, subject, version: pinned.get(subject)!.version }));
}

function preflightError(problems: readonly SubjectProblem[]): SchemaRegistryError {
  const list = problems.map(({ subject, message }) => `- ${subject}: ${message}`).join('\n');
  return new SchemaRegistryError(
    `The schema registry is not ready:\n${list}\nRegister the schemas with "naru-schemas register", or call preflight with register: true.`,
    { code: 'preflight_failed', problems },
  );
}

import { resolve } from 'node:path';
import type { CompatibilityLevel } from '../avro/compatibility.js';
import type { ParsedSchema } from '../avro/parse-schema.js';
import type { SchemaRegistryClient } from '../client/types.js';
import { effectiveLevel } from '../directory/effective-level.js';
import { type DirectorySchema, loadSchemaDirectory, loadSchemas } from '../directory/load-schema-directory.js';
import { fetchHistory } from '../directory/subject-history.js';
import { gitSource } from './git-source.js';
import { connectRegistry, type RegistryOptions } from './registry-options.js';

export interface BaselineVersion {
  /** Such as `version 3` or `main:schemas`. */
  readonly label: string;
  readonly parsed: ParsedSchema;
}

/** What the schemas of a directory are compared with. */
export interface Baseline extends AsyncDisposable {
  /** The versions of a subject that a level looks at, oldest first; none when it is not there. */
  versions(subject: string, level: CompatibilityLevel): Promise<readonly BaselineVersion[]>;
  /** What the subject promises there. */
  level(subject: string): Promise<CompatibilityLevel | undefined>;
  /** Subjects that are there. */
  subjects(): Promise<readonly string[]>;
}

export interface BaselineOptions extends RegistryOptions {
  /** An http or https address of a registry, `git:REVISION`, or a directory. */
  readonly against: string;
  /** The directory that is compared; a revision is looked up there. */
  readonly dir: string;
  readonly cwd: string;
}

export async function openBaseline(options: BaselineOptions): Promise<Baseline> {
  const { against, cwd } = options;
  if (/^https?:\/\//.test(against)) return registryBaseline(await connectRegistry(against, options));
  if (against.startsWith('git:')) {
    const revision = against.slice('git:'.length);
    return directoryBaseline(revision, await loadSchemas(gitSource(revision, resolve(cwd, options.dir))));
  }
  return directoryBaseline(against, await loadSchemaDirectory(resolve(cwd, against)));
}

function directoryBaseline(label: string, schemas: readonly DirectorySchema[]): Baseline {
  const bySubject = new Map(schemas.map((schema) => [schema.subject, schema]));
  return {
    versions: async (subject) => {
      const schema = bySubject.get(subject);
      return schema ? [{ label, parsed: schema.parsed }] : [];
    },
    level: async (subject) => bySubject.get(subject)?.compatibility,
    subjects: async () => [...bySubject.keys()],
    [Symbol.asyncDispose]: async () => {},
  };
}

function registryBaseline(client: SchemaRegistryClient): Baseline {
  return {
    versions: async (subject, level) => {
      const history = await fetchHistory(client, subject, level);
      return history.map(({ version, parsed }) => ({ label: `version ${version}`, parsed }));
    },
    level: (subject) => effectiveLevel(client, subject),
    subjects: () => client.subjects(),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

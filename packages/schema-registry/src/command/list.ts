import { resolve } from 'node:path';
import { type DirectorySchema, loadSchemaDirectory } from '../directory/load-schema-directory.js';
import { orUndefined } from '../directory/subject-history.js';
import { type CommandResult, exitCodes } from './command-io.js';
import { connectRegistry, type RegistryOptions } from './registry-options.js';

export interface ListOptions extends RegistryOptions {
  readonly dir: string;
  /** Also show what the registry has. */
  readonly registry?: string;
}

/** The schemas of a directory, in the order of their references, with what a registry has of them. */
export async function list(options: ListOptions): Promise<CommandResult> {
  const schemas = await loadSchemaDirectory(resolve(options.cwd, options.dir));
  const described = schemas.map(({ subject, file, compatibility, references }) => ({
    subject,
    file,
    compatibility,
    references,
  }));
  const registered = options.registry === undefined ? undefined : await askRegistry(schemas, options.registry, options);
  const subjects = described.map((entry, index) => ({
    ...entry,
    ...(registered ? { latest: registered[index] } : {}),
  }));
  const width = Math.max(0, ...subjects.map(({ subject }) => subject.length));
  return {
    exitCode: exitCodes.fine,
    json: { subjects },
    lines: subjects.map(({ subject, file, compatibility }, index) => {
      const latest = registered?.[index];
      const version = registered ? (latest ? `  version ${latest.version}, id ${latest.id}` : '  not registered') : '';
      return `${subject.padEnd(width)}  ${compatibility.padEnd(19)}  ${file}${version}`;
    }),
  };
}

async function askRegistry(
  schemas: readonly DirectorySchema[],
  registry: string,
  options: RegistryOptions,
): Promise<readonly ({ id: number; version: number } | undefined)[]> {
  await using client = await connectRegistry(registry, options);
  return await Promise.all(
    schemas.map(async ({ subject }) => {
      const latest = await orUndefined(client.latest(subject));
      return latest && { id: latest.id, version: latest.version };
    }),
  );
}

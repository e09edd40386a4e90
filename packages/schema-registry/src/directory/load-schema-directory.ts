import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CompatibilityLevel } from '../avro/compatibility.js';
import { type ParsedSchema, parseSchema } from '../avro/parse-schema.js';
import type { Json } from '../avro/schema.js';
import { SchemaRegistryError } from '../registry-error.js';
import { manifestName, readManifest } from './manifest.js';
import { type NamesInText, namesInText } from './names-in-text.js';
import { orderByReferences } from './reference-order.js';

/** A schema of a directory, with the subject it is meant for. */
export interface DirectorySchema {
  readonly file: string;
  readonly subject: string;
  /** What the subject is meant to promise. */
  readonly compatibility: CompatibilityLevel;
  /** The text of the file, which is what is registered. */
  readonly schema: string;
  readonly parsed: ParsedSchema;
  /** Types that other files of the directory define, and the subjects of those. */
  readonly references: readonly { readonly name: string; readonly subject: string }[];
}

/** Where a directory's files come from. */
export interface SchemaSource {
  /** Shown in errors. */
  readonly name: string;
  /** Rejects with `source_unreadable`. */
  read(file: string): Promise<string>;
  /** Files that are there, when the source can tell. */
  list?(): Promise<readonly string[]>;
}

/**
 * Loads every schema that `schemas.json` in `dir` names, each after those it refers to.
 * @throws SchemaRegistryError `source_unreadable`, `invalid_directory`, `invalid_schema`, `cyclic_reference`.
 */
export function loadSchemaDirectory(dir: string): Promise<readonly DirectorySchema[]> {
  return loadSchemas({
    name: dir,
    read: async (file) => {
      try {
        return await readFile(join(dir, file), 'utf8');
      } catch (cause) {
        throw new SchemaRegistryError(
          `${join(dir, file)} cannot be read (${(cause as Error).message}). Name the directory that holds ${manifestName}.`,
          { code: 'source_unreadable', cause },
        );
      }
    },
    list: () => readdir(dir),
  });
}

/** The same from another source, such as a revision of a repository. */
export async function loadSchemas(source: SchemaSource): Promise<readonly DirectorySchema[]> {
  const entries = readManifest(await source.read(manifestName), `${source.name}/${manifestName}`);
  const forgotten = (await source.list?.())?.find(
    (file) => file.endsWith('.avsc') && !entries.some((entry) => entry.file === file),
  );
  if (forgotten !== undefined) {
    throw new SchemaRegistryError(
      `${source.name}/${forgotten} is not in ${manifestName}. Give it a subject there, or remove it.`,
      { code: 'invalid_directory' },
    );
  }
  const texts = new Map<string, string>();
  for (const { file } of entries) texts.set(file, await source.read(file));

  const entryOf = new Map(entries.map((entry) => [entry.file, entry]));
  const names = new Map([...texts].map(([file, text]): [string, NamesInText] => [file, namesIn(text)]));
  const closures = new Map<string, readonly string[]>();
  return orderByReferences(names).map(({ file, references }) => {
    const needed = new Set(references.flatMap((reference) => closures.get(reference.file)!));
    closures.set(file, [...needed, file]);
    const schema = texts.get(file)!;
    return {
      ...entryOf.get(file)!,
      schema,
      parsed: parseFile(
        `${source.name}/${file}`,
        schema,
        [...needed].map((other) => texts.get(other)!),
      ),
      references: references.map((reference) => ({
        name: reference.name,
        subject: entryOf.get(reference.file)!.subject,
      })),
    };
  });
}

function namesIn(text: string): NamesInText {
  try {
    return namesInText(JSON.parse(text) as Json);
  } catch {
    return { defined: new Set(), used: [] };
  }
}

function parseFile(where: string, text: string, references: readonly string[]): ParsedSchema {
  try {
    return parseSchema(text, { references });
  } catch (cause) {
    if (!(cause instanceof SchemaRegistryError)) throw cause;
    throw new SchemaRegistryError(`${where}: ${cause.message}`, { code: cause.code, cause });
  }
}

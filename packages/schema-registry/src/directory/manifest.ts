import { type CompatibilityLevel, compatibilityLevels, isCompatibilityLevel } from '../avro/compatibility.js';
import { SchemaRegistryError } from '../registry-error.js';

/** Name of the file that maps schemas to subjects. */
export const manifestName = 'schemas.json';

export interface ManifestEntry {
  /** Relative to the directory. */
  readonly file: string;
  readonly subject: string;
  readonly compatibility: CompatibilityLevel;
}

/**
 * Reads the text of `schemas.json`: an array of `{ file, subject, compatibility }`. Other keys are the reader's business.
 * @param where Shown in errors.
 */
export function readManifest(text: string, where: string): readonly ManifestEntry[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalid(where, `is not JSON (${(cause as Error).message})`, cause);
  }
  if (!Array.isArray(json)) throw invalid(where, 'is not an array of { file, subject, compatibility }');
  const entries = json.map((entry, index) => readEntry(entry, index, where));
  for (const key of ['file', 'subject'] as const) {
    const values = entries.map((entry) => entry[key]);
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    if (twice !== undefined) throw invalid(where, `has the ${key} "${twice}" twice`);
  }
  return entries;
}

function readEntry(entry: unknown, index: number, where: string): ManifestEntry {
  const { file, subject, compatibility } = (entry ?? {}) as Record<string, unknown>;
  if (typeof file !== 'string' || !isInside(file)) {
    throw invalid(where, `has no usable "file" at /${index}: name a file in its directory`);
  }
  if (typeof subject !== 'string' || subject === '') throw invalid(where, `has no "subject" for ${file}`);
  if (!isCompatibilityLevel(compatibility)) {
    throw invalid(where, `has no "compatibility" for ${file}: one of ${compatibilityLevels.join(', ')}`);
  }
  return { file, subject, compatibility };
}

function isInside(file: string): boolean {
  return file !== '' && !/^([/\\]|[A-Za-z]:)/.test(file) && !file.split(/[/\\]/).includes('..');
}

function invalid(where: string, problem: string, cause?: unknown): SchemaRegistryError {
  return new SchemaRegistryError(`${where} ${problem}. Correct it.`, { code: 'invalid_directory', cause });
}

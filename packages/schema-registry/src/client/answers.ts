import { type CompatibilityLevel, isCompatibilityLevel } from '../avro/compatibility.js';
import { SchemaRegistryError } from '../registry-error.js';
import type { RegisteredSchema, RegistryMode, SchemaReference, SubjectVersion } from './types.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** Reads the text of an answer; what is not of the expected shape is no answer. */
export function readJson<T>(asked: string, text: string, read: (json: unknown, text: string) => T | undefined): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw unexpected(asked, text, cause);
  }
  const value = read(json, text);
  if (value === undefined) throw unexpected(asked, text);
  return value;
}

export function isObject(json: unknown): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

export function isInteger(json: unknown): json is number {
  return Number.isSafeInteger(json);
}

export function isText(json: unknown): json is string {
  return typeof json === 'string';
}

export function listOf<T>(is: (json: unknown) => json is T): (json: unknown) => readonly T[] | undefined {
  return (json) => (Array.isArray(json) && json.every(is) ? json : undefined);
}

export function manyOf<T>(read: (json: unknown) => T | undefined): (json: unknown) => readonly T[] | undefined {
  return (json) => {
    if (!Array.isArray(json)) return undefined;
    const items = json.map(read);
    return items.every((item) => item !== undefined) ? items : undefined;
  };
}

export function readRegistered(json: unknown, knownId?: number): RegisteredSchema | undefined {
  if (!isObject(json) || !isText(json.schema)) return undefined;
  const id = json.id ?? knownId;
  const references = readReferences(json.references);
  if (!isInteger(id) || !references) return undefined;
  refuseRuleSet(json.ruleSet, id);
  return {
    id,
    schema: json.schema,
    schemaType: isText(json.schemaType) ? json.schemaType : 'AVRO',
    references,
    ...(isText(json.guid) ? { guid: json.guid } : {}),
    ...(isObject(json.metadata) ? { metadata: json.metadata } : {}),
  };
}

export function readSubjectVersion(json: unknown): SubjectVersion | undefined {
  const registered = readRegistered(json);
  if (!registered || !isObject(json) || !isText(json.subject) || !isInteger(json.version)) return undefined;
  return { ...registered, subject: json.subject, version: json.version };
}

export function readLevel(json: unknown): CompatibilityLevel | undefined {
  // PUT answers with `compatibility`, GET with `compatibilityLevel`.
  const level = isObject(json) ? (json.compatibilityLevel ?? json.compatibility) : undefined;
  return isCompatibilityLevel(level) ? level : undefined;
}

export function readMode(json: unknown): RegistryMode | undefined {
  return isObject(json) && isText(json.mode) ? (json.mode as RegistryMode) : undefined;
}

function readReferences(json: unknown): readonly SchemaReference[] | undefined {
  if (json === undefined || json === null) return [];
  return manyOf((item): SchemaReference | undefined => {
    if (!isObject(item) || !isText(item.name) || !isText(item.subject) || !isInteger(item.version)) return undefined;
    return { name: item.name, subject: item.subject, version: item.version };
  })(json);
}

/**
 * A rule set says that fields are encrypted, transformed or checked by rules. A client that ignores it would pass
 * ciphertext as data, so such a schema is refused.
 */
function refuseRuleSet(ruleSet: unknown, id: number): void {
  if (!isObject(ruleSet)) return;
  const hasRules = Object.values(ruleSet).some((rules) => Array.isArray(rules) && rules.length > 0);
  if (!hasRules) return;
  throw new SchemaRegistryError(
    `Schema ${id} has a rule set (field encryption or data rules), which this client does not carry out. Use a client that does, or register the schema without rules.`,
    { code: 'rule_set_refused' },
  );
}

function unexpected(asked: string, text: string, cause?: unknown): SchemaRegistryError {
  const shown = text.length > 200 ? `${text.slice(0, 197)}...` : text;
  return new SchemaRegistryError(
    `${asked} was answered with something that is no schema registry's answer: ${shown}. Check the address, its path prefix included.`,
    { code: 'invalid_response', cause },
  );
}

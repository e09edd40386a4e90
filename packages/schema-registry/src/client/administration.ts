import { SchemaRegistryError } from '../registry-error.js';
import { isInteger, isObject, isText, listOf, manyOf, readLevel, readMode, readSubjectVersion } from './answers.js';
import type { Ask, Query } from './ask.js';
import { definitionOf } from './definition.js';
import type { CallOptions, SchemaRegistryClient } from './types.js';

/** The part of the client that remembers nothing: listings, levels, modes, the registry's verdicts. */
export type Administration = Pick<
  SchemaRegistryClient,
  | 'checkCompatibility'
  | 'clearCompatibilityLevel'
  | 'clearMode'
  | 'compatibilityLevel'
  | 'contexts'
  | 'mode'
  | 'referencedBy'
  | 'schemas'
  | 'schemaText'
  | 'schemaTypes'
  | 'setCompatibilityLevel'
  | 'setMode'
  | 'subjects'
  | 'subjectsOf'
  | 'versions'
  | 'versionsOf'
>;

const texts = listOf(isText);
const integers = listOf(isInteger);
const anything = (json: unknown): { json: unknown } => ({ json });

export function createAdministration(ask: Ask): Administration {
  const get = <T>(
    path: readonly (string | number)[],
    read: (json: unknown) => T | undefined,
    options: CallOptions = {},
    query: Query = {},
  ): Promise<T> => ask('GET', path, read, { query, signal: options.signal });
  const perSubject = (kind: 'config' | 'mode', subject: string | undefined): readonly string[] =>
    subject === undefined ? [kind] : [kind, subject];

  return {
    schemaText: (of, options) => {
      const path =
        typeof of === 'number'
          ? ['schemas', 'ids', of, 'schema']
          : ['subjects', of.subject, 'versions', of.version, 'schema'];
      return ask('GET', path, (_, text) => text, { signal: options?.signal });
    },
    schemas: (options = {}) => get(['schemas'], manyOf(readSubjectVersion), options, pageOf(options)),
    schemaTypes: (options) => get(['schemas', 'types'], texts, options),
    subjectsOf: (id, options = {}) =>
      get(['schemas', 'ids', id, 'subjects'], texts, options, { deleted: options.deleted }),
    versionsOf: (id, options = {}) =>
      get(['schemas', 'ids', id, 'versions'], manyOf(readVersionOf), options, { deleted: options.deleted }),
    subjects: (options = {}) => get(['subjects'], texts, options, pageOf(options)),
    versions: (subject, options = {}) =>
      get(['subjects', subject, 'versions'], integers, options, { deleted: options.deleted }),
    referencedBy: (subject, version, options) =>
      get(['subjects', subject, 'versions', version, 'referencedby'], integers, options),
    contexts: (options) => get(['contexts'], texts, options),

    checkCompatibility: (subject, schema, options = {}) =>
      ask(
        'POST',
        ['compatibility', 'subjects', subject, 'versions', ...(options.version === undefined ? [] : [options.version])],
        (json) => {
          if (!isObject(json) || typeof json.is_compatible !== 'boolean') return undefined;
          return { compatible: json.is_compatible, messages: texts(json.messages) ?? [] };
        },
        { body: definitionOf(schema), query: { verbose: true, normalize: options.normalize }, signal: options.signal },
      ),
    compatibilityLevel: (subject, options = {}) =>
      get(perSubject('config', subject), readLevel, options, { defaultToGlobal: options.defaultToGlobal }),
    setCompatibilityLevel: async (level, subject, options) => {
      const set = () =>
        ask('PUT', perSubject('config', subject), readLevel, {
          body: { compatibility: level },
          signal: options?.signal,
        });
      // Apicurio refuses whoever sets the first level of a subject at the same moment as another; the next time there
      // is one to change. Members of a fleet that start together meet here.
      await set().catch((error: unknown) => {
        if (error instanceof SchemaRegistryError && error.status === 409) return set();
        throw error;
      });
    },
    clearCompatibilityLevel: async (subject, options) => {
      await ask('DELETE', perSubject('config', subject), anything, { signal: options?.signal });
    },
    mode: (subject, options = {}) =>
      get(perSubject('mode', subject), readMode, options, { defaultToGlobal: options.defaultToGlobal }),
    setMode: async (mode, subject, options) => {
      const query = { force: options?.force };
      await ask('PUT', perSubject('mode', subject), readMode, { body: { mode }, query, signal: options?.signal });
    },
    clearMode: async (subject, options) => {
      await ask('DELETE', ['mode', subject], anything, { signal: options?.signal });
    },
  };
}

function readVersionOf(json: unknown): { subject: string; version: number } | undefined {
  if (!isObject(json) || !isText(json.subject) || !isInteger(json.version)) return undefined;
  return { subject: json.subject, version: json.version };
}

function pageOf(options: NonNullable<Parameters<SchemaRegistryClient['schemas']>[0]>): Query {
  const { subjectPrefix, deleted, latestOnly, offset, limit } = options;
  return { subjectPrefix, deleted, latestOnly, offset, limit };
}

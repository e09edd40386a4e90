import { createAdministration } from './administration.js';
import { isInteger, isObject, isText, listOf, readRegistered, readSubjectVersion } from './answers.js';
import { createAsk } from './ask.js';
import { type CachedLookup, createCachedLookup } from './cached-lookup.js';
import { definitionOf } from './definition.js';
import { readClientOptions, type SchemaRegistryClientOptions } from './options.js';
import { collectReferencedTexts } from './referenced-texts.js';
import { createHttp } from './transport/http.js';
import { abortable } from './transport/on-abort.js';
import { createTransport } from './transport/transport.js';
import type { RegisteredSchema, Registration, SchemaRegistryClient, SchemaToSend, SubjectVersion } from './types.js';

/**
 * A client of a schema registry that speaks Confluent's REST API. Does no I/O until it is asked something.
 * @throws SchemaRegistryError `invalid_argument` for options that cannot be meant.
 */
export function createSchemaRegistryClient(options: SchemaRegistryClientOptions): SchemaRegistryClient {
  const settings = readClientOptions(options);
  const { clock, maxCached: maxEntries, missingTtlMs } = settings;
  const http = createHttp(settings);
  const closing = new AbortController();
  const ask = createAsk(createTransport({ ...settings, http }), closing.signal);

  const forever = { clock, maxEntries, missingTtlMs, ttlMs: Number.POSITIVE_INFINITY };
  const byId = createCachedLookup<RegisteredSchema>(forever);
  const byGuid = createCachedLookup<RegisteredSchema>(forever);
  const latest = createCachedLookup<SubjectVersion>({ ...forever, ttlMs: settings.latestTtlMs });
  const versions = createCachedLookup<SubjectVersion>(forever);
  const lookups = createCachedLookup<SubjectVersion>(forever);
  // Being refused is no reason to remember: somebody may change the level or the mode.
  const registrations = createCachedLookup<Registration>({ ...forever, missingTtlMs: 0 });

  /** Keys of what belongs to a subject begin with it. No subject holds the separator. */
  const keyOf = (subject: string, ...rest: readonly unknown[]): string => [subject, ...rest].join('\u0000');
  const keyOfSchema = (subject: string, schema: SchemaToSend, ...flags: readonly unknown[]): string =>
    keyOf(subject, ...flags, JSON.stringify(definitionOf(schema)));

  function forget(subject: string, ...caches: readonly Pick<CachedLookup<unknown>, 'forget'>[]): void {
    const prefix = keyOf(subject, '');
    for (const cache of caches) cache.forget((key) => key.startsWith(prefix));
  }
  function forgetDeleted(subject: string): void {
    forget(subject, latest, versions, lookups, registrations);
  }

  const fetchVersion = (subject: string, version: number): Promise<SubjectVersion> =>
    versions.get(keyOf(subject, version, false), () =>
      ask('GET', ['subjects', subject, 'versions', version], readSubjectVersion),
    );

  return {
    ...createAdministration(ask),

    register: (subject, schema, options = {}) => {
      const query = { normalize: options.normalize };
      const load = async (): Promise<Registration> => {
        const made = await ask('POST', ['subjects', subject, 'versions'], readRegistration, {
          body: definitionOf(schema),
          query,
        });
        // What was the newest, or missing, may be so no longer.
        forget(subject, latest, versions, lookups);
        byId.forget((key) => key.endsWith(keyOf('', made.id)));
        return made;
      };
      return abortable(registrations.get(keyOfSchema(subject, schema, options.normalize), load), options.signal);
    },

    lookup: (subject, schema, options = {}) => {
      const { normalize, deleted } = options;
      const load = (): Promise<SubjectVersion> =>
        ask('POST', ['subjects', subject], readSubjectVersion, {
          body: definitionOf(schema),
          query: { normalize, deleted },
        });
      return abortable(lookups.get(keyOfSchema(subject, schema, normalize, deleted), load), options.signal);
    },

    schemaById: (id, options = {}) => {
      const { subject } = options;
      const load = (): Promise<RegisteredSchema> =>
        ask('GET', ['schemas', 'ids', id], (json) => readRegistered(json, id), { query: { subject } });
      return abortable(byId.get(keyOf(subject ?? '', id), load), options.signal);
    },

    schemaByGuid: (guid, options) =>
      abortable(
        byGuid.get(guid, () => ask('GET', ['schemas', 'guids', guid], (json) => readRegistered(json))),
        options?.signal,
      ),

    latest: (subject, options) => {
      const load = (): Promise<SubjectVersion> =>
        ask('GET', ['subjects', subject, 'versions', 'latest'], readSubjectVersion);
      return abortable(latest.get(keyOf(subject, ''), load), options?.signal);
    },

    version: (subject, version, options = {}) => {
      if (!options.deleted) return abortable(fetchVersion(subject, version), options.signal);
      return ask('GET', ['subjects', subject, 'versions', version], readSubjectVersion, {
        query: { deleted: true },
        signal: options.signal,
      });
    },

    referencedTexts: (schema, options) => abortable(collectReferencedTexts(schema, fetchVersion), options?.signal),

    deleteSubject: async (subject, options = {}) => {
      const { permanent, signal } = options;
      try {
        return await ask('DELETE', ['subjects', subject], listOf(isInteger), { query: { permanent }, signal });
      } finally {
        forgetDeleted(subject);
      }
    },

    deleteVersion: async (subject, version, options = {}) => {
      const { permanent, signal } = options;
      try {
        const read = (json: unknown): number | undefined => (isInteger(json) ? json : undefined);
        return await ask('DELETE', ['subjects', subject, 'versions', version], read, { query: { permanent }, signal });
      } finally {
        forgetDeleted(subject);
      }
    },

    close,
    [Symbol.asyncDispose]: close,
  };

  async function close(): Promise<void> {
    closing.abort();
    await http.close();
  }
}

function readRegistration(json: unknown): Registration | undefined {
  if (!isObject(json) || !isInteger(json.id)) return undefined;
  return {
    id: json.id,
    ...(isInteger(json.version) ? { version: json.version } : {}),
    ...(isText(json.guid) ? { guid: json.guid } : {}),
  };
}

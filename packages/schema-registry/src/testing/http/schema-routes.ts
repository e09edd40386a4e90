import type { Content } from '../store/contents.js';
import { failures } from '../store/registry-failure.js';
import type { RegistryStore, Version } from '../store/registry-store.js';
import { contextOf, defaultContext } from '../store/subject-context.js';
import { describeContent, describeVersion } from './answers.js';
import { readFlag, readPage } from './read-request.js';
import { RawJson, type Route, type RouteRequest, route } from './route.js';

/** `/schemas`, by id and by GUID. */
export const schemaRoutes: readonly Route[] = [
  route('GET /schemas', (store, request) => readPage(request, listSchemas(store, request)).map(describeVersion)),
  route('GET /schemas/types', () => ['AVRO']),
  route('GET /schemas/ids/:id', (store, request) => ({
    ...describeContent(contentById(store, request)),
    ...(readFlag(request, 'fetchMaxId') ? { maxId: store.contents(contextOfRequest(request)).lastId } : {}),
  })),
  route('GET /schemas/ids/:id/schema', (store, request) => new RawJson(contentById(store, request).schema)),
  route('GET /schemas/ids/:id/subjects', (store, request) => [
    ...new Set(versionsById(store, request).map(({ subject }) => subject)),
  ]),
  route('GET /schemas/ids/:id/versions', (store, request) =>
    versionsById(store, request).map(({ subject, version }) => ({ subject, version })),
  ),
  route('GET /schemas/guids/:guid', (store, { params }) => {
    const content = store.contentByGuid(params.guid!);
    return { id: content.id, ...describeContent(content) };
  }),
  route('GET /contexts', (store) => store.contexts()),
];

function listSchemas(store: RegistryStore, request: RouteRequest): Version[] {
  const prefix = request.query.get('subjectPrefix') ?? ':*:';
  const all = [...store.all(readFlag(request, 'deleted'))].filter(({ subject }) => hasPrefix(subject, prefix));
  if (!readFlag(request, 'latestOnly')) return all;
  // Versions of a subject come in order, so the last one stays.
  return [...new Map(all.map((version) => [version.subject, version])).values()];
}

/** `:*:` stands for every context. */
export function hasPrefix(subject: string, prefix: string): boolean {
  return prefix === ':*:' || subject.startsWith(prefix);
}

function contextOfRequest({ query }: RouteRequest): string {
  const subject = query.get('subject');
  return subject === null ? defaultContext : contextOf(subject);
}

function contentById(store: RegistryStore, request: RouteRequest): Content {
  const { id } = request.params;
  const content = store.contents(contextOfRequest(request)).get(Number(id));
  if (!content) throw failures.schemaNotFound(id);
  return content;
}

function versionsById(store: RegistryStore, request: RouteRequest): Version[] {
  const content = contentById(store, request);
  return [...store.all(readFlag(request, 'deleted'))].filter((version) => version.content === content);
}

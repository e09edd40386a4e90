import { describeIncompatibility } from '../store/registry-store.js';
import { describeVersion } from './answers.js';
import { readFlag, readPage, readSchemaRequest, readSubject, readVersion } from './read-request.js';
import { RawJson, type Route, type RouteRequest, route } from './route.js';
import { hasPrefix } from './schema-routes.js';

/** `/subjects`, and `/compatibility`, which looks at them. */
export const subjectRoutes: readonly Route[] = [
  route('GET /subjects', (store, request) => {
    const onlyDeleted = readFlag(request, 'deletedOnly');
    const prefix = request.query.get('subjectPrefix') ?? ':*:';
    const live = new Set([...store.all(false)].map(({ subject }) => subject));
    const all = new Set([...store.all(onlyDeleted || readFlag(request, 'deleted'))].map(({ subject }) => subject));
    const listed = [...all].filter((subject) => hasPrefix(subject, prefix) && !(onlyDeleted && live.has(subject)));
    return readPage(request, listed);
  }),
  route('POST /subjects/:subject', (store, request) =>
    describeVersion(store.lookup(readSubject(request), readSchemaRequest(request), readFlag(request, 'deleted'))),
  ),
  route('DELETE /subjects/:subject', (store, request) =>
    store.deleteSubject(readSubject(request), readFlag(request, 'permanent')),
  ),
  route('GET /subjects/:subject/versions', (store, request) => {
    const versions = store.versions(readSubject(request), readFlag(request, 'deleted')).map(({ version }) => version);
    return readPage(request, versions);
  }),
  route('POST /subjects/:subject/versions', (store, request) => {
    const { version, content } = store.register(readSubject(request), readSchemaRequest(request));
    return { id: content.id, version, guid: content.guid };
  }),
  route('GET /subjects/:subject/versions/:version', (store, request) =>
    describeVersion(store.version(...selection(request), readFlag(request, 'deleted'))),
  ),
  route('DELETE /subjects/:subject/versions/:version', (store, request) =>
    store.deleteVersion(...selection(request), readFlag(request, 'permanent')),
  ),
  route(
    'GET /subjects/:subject/versions/:version/schema',
    (store, request) => new RawJson(store.version(...selection(request), readFlag(request, 'deleted')).content.schema),
  ),
  route('GET /subjects/:subject/versions/:version/referencedby', (store, request) =>
    store.referrers(store.version(...selection(request), true)).map(({ content }) => content.id),
  ),
  route('POST /compatibility/subjects/:subject/versions', (store, request) => verdict(store, request, undefined)),
  route('POST /compatibility/subjects/:subject/versions/:version', (store, request) =>
    verdict(store, request, readVersion(request.params.version!)),
  ),
];

function selection(request: RouteRequest): [string, ReturnType<typeof readVersion>] {
  return [readSubject(request), readVersion(request.params.version!)];
}

function verdict(
  store: Parameters<Route['handler']>[0],
  request: RouteRequest,
  version: ReturnType<typeof readVersion> | undefined,
): object {
  const { compatible, incompatibilities } = store.compatibility(
    readSubject(request),
    readSchemaRequest(request),
    version,
  );
  const messages = readFlag(request, 'verbose') ? { messages: incompatibilities.map(describeIncompatibility) } : {};
  return { is_compatible: compatible, ...messages };
}

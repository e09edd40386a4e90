import type { AnyApi } from '../apis/api.js';
import { apiVersions } from '../apis/cluster/api-versions.js';
import { apis } from '../apis/index.js';
import type { RequestContext } from '../apis/request-context.js';
import type { Cluster } from '../cluster/cluster.js';
import type { FaultAction, FaultyRequest } from '../faults/faults.js';
import { ErrorCode } from '../wire/error-codes.js';
import { ProtocolError } from '../wire/protocol-error.js';
import { Reader } from '../wire/reader.js';
import { Writer } from '../wire/writer.js';

/** What becomes of a request: an answer, nothing (acks 0), or the end of the connection. */
export type Outcome = readonly Buffer[] | 'no answer' | 'disconnect';

/** What the connection of a request offers. */
export interface Caller {
  readonly nodeId: number;
  readonly clientHost: string;
  onDisconnect(callback: () => void): () => void;
}

interface Header {
  readonly api: AnyApi;
  readonly version: number;
  readonly correlationId: number;
  readonly clientId: string;
}

/** Decides on faults before a request is handled. */
export type FaultDecision = (request: FaultyRequest) => FaultAction | undefined;

/*
 * Request header  v1 = api_key:INT16 api_version:INT16 correlation_id:INT32 client_id:STRING?
 *                 v2 = the same TAGS             client_id is not compact even here
 * Response header v0 = correlation_id:INT32
 *                 v1 = correlation_id:INT32 TAGS not for ApiVersions
 */
function readHeader(reader: Reader): Header {
  const key = reader.int16();
  const version = reader.int16();
  const correlationId = reader.int32();
  const api = apis.get(key);
  if (!api) throw new ProtocolError(`there is no API with key ${key}`);
  const clientId = reader.nullableString() ?? '';
  return { api, version, correlationId, clientId };
}

function encode({ api, version, correlationId }: Header, body: unknown): readonly Buffer[] {
  const writer = new Writer();
  writer.int32(0);
  writer.int32(correlationId);
  writer.flexible = version >= api.flexibleFrom;
  if (api !== (apiVersions as AnyApi)) writer.tags();
  api.response.write(writer, body, version);
  const length = writer.length;
  const parts = writer.parts();
  parts[0]!.writeInt32BE(length - 4, 0);
  return parts;
}

function refuseVersion(header: Header, cluster: Cluster): readonly Buffer[] {
  if (header.api !== (apiVersions as AnyApi)) {
    const { name, minVersion, maxVersion } = header.api;
    throw new ProtocolError(
      `${name} is asked for in version ${header.version}, ${minVersion} to ${maxVersion} are known`,
    );
  }
  const body = { errorCode: ErrorCode.UNSUPPORTED_VERSION, apiKeys: cluster.advertisedApis, throttleTimeMs: 0 };
  return encode({ ...header, version: 0 }, body);
}

/** Reads one request, has it handled, and encodes the answer. Throws a `ProtocolError` for bytes that are no request. */
export function dispatch(
  frame: Buffer,
  cluster: Cluster,
  caller: Caller,
  decide: FaultDecision,
): Outcome | Promise<Outcome> {
  const reader = new Reader(frame);
  const header = readHeader(reader);
  const { api, version } = header;
  cluster.counters.requests[api.name] = (cluster.counters.requests[api.name] ?? 0) + 1;
  if (version < api.minVersion || version > api.maxVersion) return refuseVersion(header, cluster);
  reader.flexible = version >= api.flexibleFrom;
  reader.tags();
  const body = api.request.read(reader, version);
  const context: RequestContext = {
    cluster,
    nodeId: caller.nodeId,
    apiVersion: version,
    clientId: header.clientId,
    clientHost: caller.clientHost,
    onDisconnect: (callback) => caller.onDisconnect(callback),
  };
  const fault = decide({ api: api.name, apiVersion: version, clientId: header.clientId, nodeId: caller.nodeId, body });
  return fault ? applyFault(fault, header, body, context) : handle(header, body, context);
}

function handle(header: Header, body: unknown, context: RequestContext): Outcome | Promise<Outcome> {
  const { api } = header;
  const keys = api.coordinated?.(body) ?? [];
  if (keys.some((key) => context.cluster.coordinatorOf(key) !== context.nodeId)) {
    return encode(header, api.refuse(body, ErrorCode.NOT_COORDINATOR));
  }
  const answer = api.handle(context, body);
  if (answer === undefined) return 'no answer';
  if (answer instanceof Promise) return answer.then((body) => encode(header, body));
  return encode(header, answer);
}

function applyFault(
  fault: FaultAction,
  header: Header,
  body: unknown,
  context: RequestContext,
): Outcome | Promise<Outcome> {
  switch (fault.action) {
    case 'answer':
      return encode(header, fault.body);
    case 'error':
      return encode(header, header.api.refuse(body, fault.errorCode));
    case 'disconnect': {
      if (!fault.processed) return 'disconnect';
      const outcome = handle(header, body, context);
      return outcome instanceof Promise ? outcome.then(() => 'disconnect' as const) : 'disconnect';
    }
    case 'hang':
      return new Promise((resolve) => {
        context.onDisconnect(() => resolve('no answer'));
      });
    case 'delay':
      return new Promise((resolve, reject) => {
        const undo = context.onDisconnect(() => {
          cancel();
          resolve('no answer');
        });
        const cancel = context.cluster.clock.schedule(fault.delayMs, () => {
          undo();
          Promise.resolve()
            .then(() => handle(header, body, context))
            .then(resolve, reject);
        });
      });
  }
}

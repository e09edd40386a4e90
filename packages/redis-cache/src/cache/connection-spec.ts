import type { ConnectionScope } from '../connection-scope.js';
import { checkWhole, invalidArgument, RedisCacheError } from '../redis-cache-error.js';

export type ConnectionStatus = 'connected' | 'connecting' | 'disconnected';

/** What the exchange's socket is subscribed with, as the command carried it. */
export type SocketParams = Readonly<Record<string, unknown>> | readonly unknown[];

/** What a caller says about a connection. */
export interface WebsocketConnectionSpec {
  /** Where the socket is dialled, at most 2,048 characters. */
  readonly url: string;
  /** At most 10,000 different symbols of at most 64 characters. */
  readonly symbols: readonly string[];
  /** JSON of at most 64 KiB. Default `{}`. */
  readonly socketParams?: SocketParams;
  /** Fields to publish of each record, at most 100 of at most 64 characters. Default: all of them, as null says. */
  readonly projection?: readonly string[] | null;
  /** Of the command that shaped the connection, at most 256 characters. */
  readonly correlationId?: string | undefined;
  /** Default `connecting`: nothing is connected before it was dialled. */
  readonly status?: ConnectionStatus;
  /** Names this very connection. Default: the stored one is kept, or a new one is made. */
  readonly connectionId?: string;
  /** When the connection began, Unix ms. Default: kept while the connection is the same, else now. */
  readonly startedAtMs?: number;
}

/** What the cache knows about a connection. */
export interface CachedConnectionSpec extends ConnectionScope {
  readonly url: string;
  /** Sorted, each once. */
  readonly symbols: readonly string[];
  readonly socketParams: SocketParams;
  /** Null when every field is published. */
  readonly projection: readonly string[] | null;
  readonly correlationId?: string;
  readonly status: ConnectionStatus;
  readonly connectionId: string;
  /** Unix ms, by the store's clock unless the caller gave it. */
  readonly startedAtMs: number;
  /** Unix ms of the last write, by the store's clock. */
  readonly lastActiveMs: number;
  /** The fencing token of the last write; absent when writes are not fenced. */
  readonly ownerToken?: number;
  /** Ms until the entry expires unless something is written. */
  readonly expiresInMs: number;
}

/** A hash and a set, as any storage keeps them. */
export interface StoredConnection {
  readonly fields: Readonly<Record<string, string>>;
  readonly symbols: readonly string[];
  readonly expiresInMs: number;
}

const statuses: readonly string[] = ['connected', 'connecting', 'disconnected'] satisfies ConnectionStatus[];
const isStatus = (value: unknown): value is ConnectionStatus => typeof value === 'string' && statuses.includes(value);

/** Of one connection; no exchange takes as many on one socket. */
export const maxSymbols = 10_000;

/** Checks and de-duplicates symbols. */
export function checkSymbols(symbols: readonly string[]): string[] {
  if (!Array.isArray(symbols) || symbols.length > maxSymbols) {
    throw invalidArgument(
      'symbols',
      Array.isArray(symbols) ? `${symbols.length} symbols` : symbols,
      `at most ${maxSymbols}`,
    );
  }
  for (const symbol of symbols) {
    if (typeof symbol !== 'string' || symbol.length === 0 || symbol.length > 64) {
      throw invalidArgument('symbols[]', symbol, 'a text of 1 to 64 characters');
    }
  }
  return [...new Set(symbols)];
}

export function checkStatus(status: ConnectionStatus): ConnectionStatus {
  if (!isStatus(status)) throw invalidArgument('status', status, `one of ${statuses.join(', ')}`);
  return status;
}

export function checkUrl(url: string): string {
  if (typeof url !== 'string' || url.length > 2_048 || !URL.canParse(url)) {
    throw invalidArgument('url', url, 'an absolute URL of at most 2,048 characters');
  }
  return url;
}

export function checkConnectionId(id: string): string {
  if (typeof id !== 'string' || id.length === 0 || id.length > 128) {
    throw invalidArgument('connectionId', id, 'a text of 1 to 128 characters');
  }
  return id;
}

export function encodeSocketParams(params: SocketParams): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(params);
  } catch (cause) {
    throw new RedisCacheError('socketParams cannot be written as JSON. Pass plain data without cycles.', {
      code: 'invalid_argument',
      cause,
    });
  }
  if (typeof params !== 'object' || params === null || text === undefined || Buffer.byteLength(text) > 65_536) {
    throw invalidArgument('socketParams', typeof params, 'an object or array of at most 64 KiB as JSON');
  }
  return text;
}

function checkProjection(projection: readonly string[]): readonly string[] {
  if (!isProjection(projection)) {
    throw invalidArgument(
      'projection',
      typeof projection,
      'a list of at most 100 texts of 1 to 64 characters, or null',
    );
  }
  return projection;
}

function isProjection(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length <= 100 &&
    value.every((field) => typeof field === 'string' && field.length > 0 && field.length <= 64)
  );
}

function checkCorrelationId(id: string): string {
  if (typeof id !== 'string' || id.length === 0 || id.length > 256) {
    throw invalidArgument('correlationId', id, 'a text of 1 to 256 characters');
  }
  return id;
}

/** The hash fields of a spec; the storage adds times, token and scope. */
export function encodeSpec(spec: WebsocketConnectionSpec): { fields: Record<string, string>; symbols: string[] } {
  const symbols = checkSymbols(spec.symbols);
  const fields: Record<string, string> = {
    url: checkUrl(spec.url),
    status: checkStatus(spec.status ?? 'connecting'),
    socket_params: encodeSocketParams(spec.socketParams ?? {}),
  };
  if (spec.projection) fields.projection = JSON.stringify(checkProjection(spec.projection));
  if (spec.correlationId !== undefined) fields.correlation_id = checkCorrelationId(spec.correlationId);
  if (spec.connectionId !== undefined) fields.connection_id = checkConnectionId(spec.connectionId);
  if (spec.startedAtMs !== undefined) fields.created_at = String(checkWhole('startedAtMs', spec.startedAtMs, 0));
  return { fields, symbols };
}

/** Reads what a storage holds; whatever does not look like our own writing is a `damaged_value`. */
export function decodeSpec(scope: ConnectionScope, stored: StoredConnection): CachedConnectionSpec {
  const { fields } = stored;
  const damaged = (what: string, cause?: unknown): RedisCacheError =>
    new RedisCacheError(
      `The cached connection ${scope.exchange}/${scope.region}/${scope.request_type} has ${what}. Write it again or remove it.`,
      { code: 'damaged_value', cause },
    );
  const text = (name: string): string => {
    const value = fields[name];
    if (value === undefined || value === '') throw damaged(`no ${name}`);
    return value;
  };
  const whole = (name: string): number => {
    const value = Number(text(name));
    if (!Number.isSafeInteger(value) || value < 0) throw damaged(`a ${name} that is not a whole number`);
    return value;
  };
  for (const name of ['exchange', 'region', 'request_type'] as const) {
    if (text(name) !== scope[name]) throw damaged(`the ${name} of another scope`);
  }
  const status = text('status');
  if (!isStatus(status)) throw damaged('an unknown status');
  let socketParams: unknown;
  try {
    socketParams = JSON.parse(text('socket_params'));
  } catch (cause) {
    throw damaged('socket_params that are not JSON', cause);
  }
  if (typeof socketParams !== 'object' || socketParams === null) throw damaged('socket_params of a wrong type');
  let projection: unknown = null;
  try {
    if (fields.projection !== undefined) projection = JSON.parse(fields.projection);
  } catch (cause) {
    throw damaged('a projection that is not JSON', cause);
  }
  if (projection !== null && !isProjection(projection)) throw damaged('a projection of a wrong type');
  if (whole('symbol_count') !== stored.symbols.length) throw damaged('lost some of its symbols');
  if (stored.expiresInMs < 0) throw damaged('no expiry');
  return {
    exchange: scope.exchange,
    region: scope.region,
    request_type: scope.request_type,
    url: text('url'),
    symbols: [...stored.symbols].sort(),
    socketParams: socketParams as SocketParams,
    projection,
    ...(fields.correlation_id === undefined ? {} : { correlationId: fields.correlation_id }),
    status,
    connectionId: text('connection_id'),
    startedAtMs: whole('created_at'),
    lastActiveMs: whole('last_active'),
    ...(fields.owner_token === undefined ? {} : { ownerToken: whole('owner_token') }),
    expiresInMs: stored.expiresInMs,
  };
}

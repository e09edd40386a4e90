import type { RequestType } from '@naru/core';

/** The places a command may name for one exchange, as data. */
export interface AddressTable {
  /** Default WebSocket address, or one per kind. */
  readonly default: string | Readonly<Record<RequestType, string>>;
  readonly hosts: readonly string[];
  /** Ports besides 443. */
  readonly ports?: readonly number[];
  /** Exact paths, or one list per kind. */
  readonly paths: readonly string[] | Readonly<Record<RequestType, readonly string[]>>;
  /** Hosts that the instrument list and order-book snapshots are fetched from. */
  readonly restHosts?: readonly string[];
}

export interface ExchangeAddresses {
  readonly hosts: readonly string[];
  readonly ports: readonly number[];
  readonly restHosts: readonly string[];
  paths(kind: RequestType): readonly string[];
  /** Default `wss://` address for a kind. */
  default(kind: RequestType): string;
  /** Whether `url` is this exchange's own: TLS, a known host, port and path, no credentials, no fragment. */
  isAllowed(url: URL, kind: RequestType): boolean;
}

const isPerKind = <T>(value: T | Readonly<Record<RequestType, T>>): value is Readonly<Record<RequestType, T>> =>
  typeof value === 'object' && !Array.isArray(value);

/** Answers questions about an address table. */
export function createAddresses(table: AddressTable): ExchangeAddresses {
  const ports = [443, ...(table.ports ?? [])];
  const paths = (kind: RequestType): readonly string[] =>
    isPerKind<readonly string[]>(table.paths) ? table.paths[kind] : table.paths;
  return {
    hosts: table.hosts,
    ports,
    restHosts: table.restHosts ?? [],
    paths,
    default: (kind) => (typeof table.default === 'string' ? table.default : table.default[kind]),
    isAllowed: (url, kind) =>
      url.protocol === 'wss:' &&
      url.username === '' &&
      url.password === '' &&
      url.hash === '' &&
      url.search === '' &&
      table.hosts.includes(url.hostname) &&
      ports.includes(url.port === '' ? 443 : Number(url.port)) &&
      paths(kind).includes(url.pathname),
  };
}

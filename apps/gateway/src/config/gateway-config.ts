import type { TopicNames } from '@naru/core';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export const saslMechanisms = ['none', 'plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer'] as const;
export type SaslMechanism = (typeof saslMechanisms)[number];

/** How batches of records may be packed. */
export const compressions = ['none', 'best', 'lz4', 'zstd', 'snappy', 'gzip'] as const;

export const krwConversions = ['off', 'fixed', 'ticker'] as const;

/** Those that trade against the won. */
export const krwExchanges = ['upbit', 'bithumb', 'coinone', 'korbit'] as const;

/** Certificates and keys as PEM. */
export interface TlsConfig {
  /** Authorities to trust in place of the system's. */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** Everything that can be configured. Read it with `readConfig`; `settings` says how each value is given. */
export interface GatewayConfig {
  readonly kafka: {
    /** Bootstrap addresses, or `embedded`: a broker in this process, for development. */
    readonly brokers: readonly string[] | 'embedded';
    readonly clientId: string;
    readonly groupId: string;
    /**
     * After so long without a sign of life, in milliseconds, a member's commands go to the others. Brokers take no less
     * than their `group.min.session.timeout.ms`, which is 6,000 unless it was changed.
     */
    readonly sessionTimeoutMs: number;
    /** Partitions of topics that the gateway creates. */
    readonly partitions: number;
    /** Replicas of topics that the gateway creates; -1 leaves it to the broker. */
    readonly replication: number;
    readonly tls: TlsConfig & {
      /** On by itself with an authority or a certificate. */
      readonly enabled: boolean;
    };
    readonly sasl: {
      readonly mechanism: SaslMechanism;
      readonly username: string | undefined;
      readonly password: string | undefined;
      /** Holds the token of OAUTHBEARER; read again whenever a broker asks for it. */
      readonly tokenFile: string | undefined;
    };
  };
  /** Names with their prefix. */
  readonly topics: TopicNames;
  readonly registry: {
    /** Base URL of the Confluent API, or `embedded`. */
    readonly url: string | 'embedded';
    /** Whether missing schemas are registered at start. Off: a missing one stops the start with advice. */
    readonly register: boolean;
    readonly username: string | undefined;
    readonly password: string | undefined;
    /** Bearer token, in place of a user. */
    readonly token: string | undefined;
    readonly tls: Pick<TlsConfig, 'ca'>;
  };
  readonly redis: {
    /** `redis://…` or `rediss://…`, or `memory`: connection state lives in this process. */
    readonly url: string | 'memory';
    /** How long a lease outlives a gateway that renews it no more, in ms. */
    readonly leaseMs: number;
    /** What streams do when their leases cannot be confirmed: `stop` duplicates nothing, `continue` loses nothing. */
    readonly whenAway: 'stop' | 'continue';
    /** How often a gateway with fewer streams than another of its fleet takes one over from it, in ms. 0: never. */
    readonly shareEveryMs: number;
    readonly username: string | undefined;
    readonly password: string | undefined;
    readonly tls: TlsConfig;
  };
  readonly commands: {
    /** How long the symbols of a command may take to be proved before they are reported as pending, in ms. */
    readonly proofTimeoutMs: number;
  };
  readonly connections: {
    /** Hosts (`host` or `host:port`) that commands may name beyond the exchanges' own. */
    readonly allowedHosts: readonly string[];
    /** The same for commands of one exchange alone. */
    readonly exchangeHosts: Readonly<Record<string, readonly string[]>>;
    /** Whether any loopback and private address may be dialled. */
    readonly allowPrivateAddresses: boolean;
    /** Those that may be dialled otherwise: `address` or `address/prefix`. */
    readonly allowedPrivateAddresses: readonly string[];
    /** Largest WebSocket message, in bytes. */
    readonly maxPayloadBytes: number;
    readonly handshakeTimeoutMs: number;
  };
  readonly orderbooks: {
    /** Levels of each side that are published. */
    readonly depth: number;
    /** Shortest time between two order books of a market, in ms; 0 publishes every change. */
    readonly intervalMs: number;
  };
  readonly publishing: {
    readonly maxBatchRecords: number;
    readonly maxBatchWaitMs: number;
    /** How long the producer waits for more batches of a partition, in ms. */
    readonly lingerMs: number;
    /** How the batches of records are packed; `best` is lz4 where its codec is there, else zstd, else gzip. */
    readonly compression: (typeof compressions)[number];
    /** Most bytes of messages in memory on their way to Kafka. */
    readonly maxMemoryBytes: number;
    /** Nothing acknowledged for so long means that Kafka is away, in ms. */
    readonly stallMs: number;
    /** Delay of the event loop (p99) above which only the latest ticker of each market is sent, in ms; 0 never. */
    readonly shedLagMs: number;
  };
  /** Whether records whose prices are counted in dollars gain what that is in won. */
  readonly krw: {
    /** `fixed` takes `rate`, `ticker` the last price of `market` on `exchange` where one of the fleet streams it. */
    readonly conversion: (typeof krwConversions)[number];
    /** Won for one dollar; asked for by `fixed` alone. */
    readonly rate: number | undefined;
    readonly exchange: (typeof krwExchanges)[number];
    /** Market code whose price is taken for that of a dollar. */
    readonly market: string;
    /** How long after its receipt a price is used, in ms. */
    readonly staleMs: number;
  };
  /** What Kafka does not take waits here. Without a directory there is no spool. */
  readonly spool: {
    readonly directory: string | undefined;
    readonly maxBytes: number;
    /** Longest time from a write to its fsync, in ms; 0 syncs each. */
    readonly fsyncIntervalMs: number;
  };
  readonly operations: {
    readonly host: string;
    /** 0 takes a free port. */
    readonly port: number;
    /** Bearer token that changes ask for, and everything where `host` is not loopback. */
    readonly token: string | undefined;
  };
  /** How long a shutdown may take before it stops waiting, in ms. */
  readonly shutdownDeadlineMs: number;
  readonly logLevel: LogLevel;
}

/** What is configured, with the prefix of topics still apart from their names. */
export type SettingValues = Omit<GatewayConfig, 'topics'> & {
  readonly topics: TopicNames & { readonly prefix: string };
};

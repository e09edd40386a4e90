import { type TopicNames, topicNames } from '@naru/core';

/** Everything that can be configured, in one place. Read it from the environment with `readEnvironment`. */
export interface GatewayConfig {
  readonly kafka: {
    /** Bootstrap addresses, or `embedded`: a broker in this process, for development. */
    readonly brokers: readonly string[] | 'embedded';
    readonly clientId: string;
    readonly groupId: string;
    /** Partitions of topics that the gateway creates. */
    readonly partitions: number;
    /** Replicas of topics that the gateway creates; -1 leaves it to the broker. */
    readonly replication: number;
  };
  readonly topics: TopicNames;
  readonly registry: {
    /** Base URL of the Confluent API, or `embedded`. */
    readonly url: string | 'embedded';
    /** Whether missing schemas are registered at start. Off: a missing one stops the start with advice. */
    readonly register: boolean;
  };
  readonly redis: {
    /** `redis://…`, or `memory`: connection state lives in this process. */
    readonly url: string | 'memory';
  };
  readonly commands: {
    /** How long the symbols of a command may take to be proved before they are reported as pending, in ms. */
    readonly proofTimeoutMs: number;
  };
  readonly connections: {
    /** Hosts (`host` or `host:port`) that commands may name beyond the exchanges' own. */
    readonly allowedHosts: readonly string[];
    readonly allowPrivateAddresses: boolean;
    /** Largest WebSocket message, in bytes. */
    readonly maxPayloadBytes: number;
    readonly handshakeTimeoutMs: number;
  };
  readonly publishing: {
    readonly maxBatchRecords: number;
    readonly maxBatchWaitMs: number;
    /** How long the producer waits for more batches of a partition, in ms. */
    readonly lingerMs: number;
    /** Records of one target kept while Kafka takes none. */
    readonly maxBufferedRecords: number;
  };
  readonly operations: {
    readonly host: string;
    /** 0 takes a free port. */
    readonly port: number;
  };
  /** How long a shutdown may take before it stops waiting, in ms. */
  readonly shutdownDeadlineMs: number;
  readonly logLevel: LogLevel;
}

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export const defaultConfig: GatewayConfig = {
  kafka: { brokers: 'embedded', clientId: 'naru-gateway', groupId: 'naru-gateway', partitions: 6, replication: -1 },
  topics: topicNames,
  registry: { url: 'embedded', register: true },
  redis: { url: 'memory' },
  commands: { proofTimeoutMs: 10_000 },
  connections: {
    allowedHosts: [],
    allowPrivateAddresses: false,
    maxPayloadBytes: 1024 * 1024,
    handshakeTimeoutMs: 10_000,
  },
  publishing: { maxBatchRecords: 100, maxBatchWaitMs: 20, lingerMs: 5, maxBufferedRecords: 100_000 },
  operations: { host: '127.0.0.1', port: 9464 },
  shutdownDeadlineMs: 30_000,
  logLevel: 'info',
};

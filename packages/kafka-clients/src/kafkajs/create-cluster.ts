import { type Logger, silentLogger } from '@naru/core';
import type { KafkaTransportOptions } from './connection-options.js';
import { repairIdleTimer } from './idle-timer.js';
import { type KafkajsCluster, kafkajsInternals } from './internals.js';
import { logCreator } from './log-creator.js';
import { saslForKafkajs } from './sasl.js';
import { Sockets } from './sockets.js';

/** Whatever is not decided here is decided above the transport, so kafkajs itself retries little. */
const RETRY: { readonly initialRetryTime: number; readonly maxRetryTime: number; readonly retries: number } = {
  initialRetryTime: 100,
  maxRetryTime: 2_000,
  retries: 4,
};

export interface ClusterOptions {
  readonly requestTimeoutMs: number;
}

export interface ClusterWithLogger {
  readonly cluster: KafkajsCluster;
  readonly kafkajsLogger: unknown;
  readonly emitter: unknown;
  readonly retry: typeof RETRY;
  readonly sockets: Sockets;
}

export function createCluster(options: KafkaTransportOptions, { requestTimeoutMs }: ClusterOptions): ClusterWithLogger {
  const { Cluster, createLogger, Emitter } = kafkajsInternals();
  repairIdleTimer();
  const logger: Logger = options.logger ?? silentLogger;
  // Debug lines are built per request even when nobody reads them; only a logger that was passed in gets INFO.
  const kafkajsLogger = createLogger({ level: options.logger ? 4 : 1, logCreator: logCreator(logger) });
  const emitter = new Emitter();
  const sockets = new Sockets(options.connect);
  emitter.addListener('network.request_timeout', ({ payload }) => sockets.cut(payload.broker));
  const cluster = new Cluster({
    logger: kafkajsLogger,
    socketFactory: sockets.connect,
    brokers: [...options.brokers],
    ssl: options.ssl || null,
    sasl: options.sasl ? saslForKafkajs(options.sasl) : null,
    clientId: options.clientId ?? 'naru',
    connectionTimeout: options.connectionTimeoutMs ?? 5_000,
    requestTimeout: requestTimeoutMs,
    enforceRequestTimeout: true,
    metadataMaxAge: options.metadataMaxAgeMs ?? 300_000,
    allowAutoTopicCreation: options.createTopics ?? false,
    maxInFlightRequests: null,
    instrumentationEmitter: emitter,
    // Read committed: records of aborted transactions are not shown.
    isolationLevel: 1,
    retry: RETRY,
  });
  return { cluster, kafkajsLogger, emitter, retry: RETRY, sockets };
}

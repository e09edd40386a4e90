import { type Clock, type Logger, realtimeTopic, systemClock, targetKey } from '@naru/core';
import { exchanges, type SessionOptions } from '@naru/exchanges';
import {
  type ConsumerState,
  createDeadLetterTopic,
  createKafkaAdmin,
  createKafkaProducer,
  createKafkaTransport,
  KafkaConsumerClient,
  KafkaDisconnectionConsumerClient,
} from '@naru/kafka-clients';
import { createCommandTarget } from '../commands/command-target.js';
import { reportingDeadLetter } from '../commands/reporting-dead-letter.js';
import { type ConfigOverrides, completeConfig } from '../config/complete-config.js';
import type { GatewayConfig } from '../config/gateway-config.js';
import { createEventPublisher } from '../events/event-publisher.js';
import { GatewayError } from '../gateway-error.js';
import { createJsonLogger } from '../logging.js';
import { startMinuteMetrics } from '../minutes/minute-metrics.js';
import { startOperationsServer } from '../operations/operations-server.js';
import { createPrometheusMetrics } from '../operations/prometheus-metrics.js';
import { exposeStreams } from '../operations/stream-metrics.js';
import { createConnectionRecorder } from '../orchestration/connection-recorder.js';
import { StreamOrchestrator, type StreamReport, type StreamTotals } from '../orchestration/stream-orchestrator.js';
import type { Latency } from '../publishing/latency.js';
import { createRecordPublisher } from '../publishing/record-publisher.js';
import { createDial } from '../streams/dial.js';
import { fetchSnapshot } from '../streams/fetch-snapshot.js';
import { createBreakers } from './breakers.js';
import { createClosingStack } from './closing-stack.js';
import { provideInfrastructure } from './infrastructure.js';
import { repeat } from './repeat.js';
import { prepareSchemas } from './schemas.js';
import { kafkaOptions, registryOptions } from './server-options.js';
import { maxLetterBytes, topicSpecifications } from './topics.js';

export interface GatewayOptions {
  /** What differs from `defaultConfig`, at any depth. */
  readonly config?: ConfigOverrides;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** A running gateway. */
export interface Gateway extends AsyncDisposable {
  readonly kafka: readonly string[];
  readonly registry: string;
  /** Base URL of health, metrics and streams. */
  readonly operations: string;
  /** What runs inside this process instead of real servers. */
  readonly embedded: readonly string[];
  report(): readonly StreamReport[];
  /** What became of the records of every target, together. */
  totals(): StreamTotals;
  /** The waits of all records from receipt to acknowledgement so far. */
  latency(): Latency;
  /**
   * Not ready → no more commands → sockets closed → records flushed → offsets committed. Safe to call twice.
   * Resolves to whether everything was delivered within the deadline.
   */
  close(): Promise<boolean>;
}

/** Starts a gateway and resolves when it takes commands. What it started before a failure is closed again. */
export async function createGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const config = completeConfig(options.config);
  const clock = options.clock ?? systemClock;
  const logger = options.logger ?? createJsonLogger(config.logLevel);
  const closing = createClosingStack(logger);
  try {
    return await start(config, clock, logger, closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

/** Connection state expires an hour after its last write; this is often enough to lose two writes and keep it. */
const connectionRefreshMs = 15 * 60_000;

async function start(
  config: GatewayConfig,
  clock: Clock,
  logger: Logger,
  closing: ReturnType<typeof createClosingStack>,
): Promise<Gateway> {
  const { topics } = config;
  const metrics = createPrometheusMetrics();
  const { brokers, registryUrl, connections, redis, embedded } = await provideInfrastructure(config, closing, logger);
  const transport = createKafkaTransport({ ...kafkaOptions(config.kafka, brokers), logger });

  const admin = createKafkaAdmin({ transport });
  closing.defer('kafka admin', () => admin.close());
  const check = await admin.checkBrokers();
  if (!check.ok) throw new GatewayError('start_failed', check.explanation, { cause: check.error, retryable: true });
  await admin.ensureTopics(topicSpecifications(topics, config.kafka));
  const schemas = await prepareSchemas(registryOptions(config.registry, registryUrl), config.registry.register, logger);

  const shared = { transport, clock, logger, metrics };
  // Events and dead letters are rare and awaited; records are many and wait for each other.
  const events = createKafkaProducer({
    ...shared,
    name: 'events',
    lingerMs: 0,
    compression: 'gzip',
    maxMessageBytes: maxLetterBytes,
  });
  const records = createKafkaProducer({
    ...shared,
    name: 'records',
    lingerMs: config.publishing.lingerMs,
    maxQueuedMessages: 20_000,
    onEvent: (event) => {
      publisher.backpressure(event);
      if (event.type === 'backpressure_activated') orchestrator.hold();
      else if (event.type === 'backpressure_deactivated') orchestrator.release();
    },
  });
  closing.defer('event producer', () => events.close(config.shutdownDeadlineMs));
  closing.defer('record producer', () => records.close(config.shutdownDeadlineMs));
  await Promise.all([events.connect(), records.connect()]);

  const publisher = createEventPublisher({
    producer: events,
    topics,
    encodeConnectSuccess: schemas.encodeConnectSuccess,
    clock,
    logger,
  });
  const recorder = createConnectionRecorder({
    cache: connections,
    logger,
    onFailure: ({ target, correlationId }, error) =>
      publisher.failed({ boundary: 'cache', error, target, correlationId }),
  });
  closing.defer(
    'connection refresh',
    repeat(clock, connectionRefreshMs, () => recorder.refresh()),
  );
  const dial = createDial({ ...config.connections, policy: config.connections });
  const breakers = createBreakers({ clock, logger, metrics, redis });
  closing.defer('breakers', () => breakers.close());
  const orchestrator = new StreamOrchestrator({
    findAdapter: (exchange, kind) => (exchanges.supports(exchange, kind) ? exchanges.get(exchange) : undefined),
    addressPolicy: config.connections,
    createPublisher: (target, streamLogger) =>
      createRecordPublisher({
        target,
        topic: realtimeTopic(target.request_type, target.region, topics),
        producer: records,
        encode: schemas.encodeBatch[target.request_type],
        clock,
        logger: streamLogger,
        ...publishingLimits(config),
        onFailure: (reason, count, error) =>
          publisher.failed({ boundary: 'publish', error, target, context: { reason, records: count } }),
      }),
    recorder,
    events: publisher,
    logger,
    clock,
    connection: (target) => ({
      dial,
      fetchSnapshot,
      admit: (attempt) => breakers.of(targetKey(target)).execute(attempt),
      proofTimeoutMs: config.commands.proofTimeoutMs,
      session: sessionOptions(config),
    }),
  });
  exposeStreams(metrics.registry, () => orchestrator.report());

  const minutes = startMinuteMetrics({
    producer: events,
    topic: topics.metrics,
    encode: schemas.encodeMetrics,
    takeMinute: () => orchestrator.takeMinute(),
    clock,
    logger,
  });
  closing.defer('minutes', () => minutes.stop());

  const commands = createCommandTarget({ streams: orchestrator, events: publisher, logger });
  const consuming = {
    ...shared,
    orchestrator: commands,
    deadLetter: reportingDeadLetter(
      createDeadLetterTopic({ producer: events, topic: topics.dlq, origin: 'naru-gateway' }),
      publisher,
    ),
    // Commands start in order and the orchestrator keeps those of one target in turn; a slow exchange delays no other.
    concurrency: 32,
  };
  const consumers = [
    new KafkaConsumerClient({
      ...consuming,
      topic: [topics.command],
      groupId: `${config.kafka.groupId}-connect`,
      onExpired: commands.onExpired,
    }),
    new KafkaDisconnectionConsumerClient({
      ...consuming,
      topic: [topics.disconnection],
      groupId: `${config.kafka.groupId}-disconnect`,
    }),
  ];

  let state: 'starting' | 'ready' | 'closing' = 'starting';
  const operations = await startOperationsServer({
    ...config.operations,
    metrics,
    report: () => orchestrator.report(),
    totals: () => orchestrator.totals(),
    notReady: () => notReady(state, consumers),
  });
  closing.defer('operations', () => operations.close());
  closing.defer('command consumers', () => Promise.all(consumers.map((consumer) => consumer.close())));
  await Promise.all(consumers.map((consumer) => consumer.start()));
  state = 'ready';
  logger.info('gateway ready', { operations: operations.url, brokers, registry: registryUrl });

  const close = async (): Promise<boolean> => {
    state = 'closing';
    await Promise.all(consumers.map((consumer) => consumer.close()));
    await orchestrator.shutdown();
    const delivered = await records.flush(config.shutdownDeadlineMs).then(
      () => true,
      () => false,
    );
    minutes.stop();
    await recorder.idle();
    await closing.close();
    return delivered;
  };
  let closed: Promise<boolean> | undefined;
  const closeOnce = (): Promise<boolean> => {
    closed ??= close();
    return closed;
  };
  return {
    kafka: brokers,
    registry: registryUrl,
    operations: operations.url,
    embedded,
    report: () => orchestrator.report(),
    totals: () => orchestrator.totals(),
    latency: () => orchestrator.latency(),
    close: closeOnce,
    [Symbol.asyncDispose]: async () => void (await closeOnce()),
  };
}

function sessionOptions({ orderbooks: { depth, intervalMs } }: GatewayConfig): Omit<SessionOptions, 'address'> {
  return { depth, publish: intervalMs === 0 ? 'every-change' : { intervalMs } };
}

function publishingLimits({ publishing }: GatewayConfig): {
  maxBatchRecords: number;
  maxBatchWaitMs: number;
  maxBuffered: number;
} {
  return {
    maxBatchRecords: publishing.maxBatchRecords,
    maxBatchWaitMs: publishing.maxBatchWaitMs,
    maxBuffered: publishing.maxBufferedRecords,
  };
}

function notReady(state: string, consumers: readonly { readonly state: ConsumerState }[]): string[] {
  const problems = state === 'ready' ? [] : [state];
  for (const { state: consumer } of consumers) {
    if (consumer.status !== 'consuming') problems.push(`a command consumer is ${consumer.status}`);
  }
  return problems;
}

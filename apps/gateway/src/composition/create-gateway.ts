import { systemClock } from '@naru/core';
import { type ConfigOverrides, completeConfig } from '../config/complete-config.js';
import { createEventPublisher } from '../events/event-publisher.js';
import { createProducerMetricsReporter } from '../events/producer-metrics.js';
import { createFleet, type FleetReport } from '../fleet/fleet.js';
import { createMemberName } from '../fleet/member-name.js';
import { Ownership } from '../fleet/ownership.js';
import { createJsonLogger } from '../logging.js';
import { createBatchPerformance } from '../minutes/batch-performance.js';
import { startMinuteMetrics } from '../minutes/minute-metrics.js';
import { exposeDelivery } from '../operations/delivery-metrics.js';
import { startOperationsServer } from '../operations/operations-server.js';
import { createPrometheusMetrics } from '../operations/prometheus-metrics.js';
import { createReadiness } from '../operations/readiness.js';
import { exposeStreams } from '../operations/stream-metrics.js';
import { createConnectionRecorder } from '../orchestration/connection-recorder.js';
import type { StreamReport, StreamTotals } from '../orchestration/target-books.js';
import type { Latency } from '../publishing/latency.js';
import { createCommandTimeline } from '../timeline/command-timeline.js';
import { followedEvents } from '../timeline/followed-events.js';
import { leaveWhenAborted, unlessAborted } from './abortable-start.js';
import { createBreakers } from './breakers.js';
import { type ClosingStack, createClosingStack } from './closing-stack.js';
import { createCommandConsumers } from './command-consumers.js';
import { layFoundation, type Surroundings } from './foundation.js';
import { prepareKrwConversion } from './krw-conversion.js';
import { relieveLag } from './lag-relief.js';
import type { Overrides } from './overrides.js';
import { connectProducers } from './producers.js';
import { openRecordDelivery } from './record-delivery.js';
import { repeat } from './repeat.js';
import { serveOperations } from './serve-operations.js';
import { settledWithin } from './settled-within.js';
import { createStreams } from './streams.js';

export interface GatewayOptions {
  /** What differs from `defaultConfig`, at any depth. */
  readonly config?: ConfigOverrides;
  /** Collaborators in place of those that the configuration leads to. */
  readonly overrides?: Overrides;
  /** Ends a start that is under way; of no effect afterwards. */
  readonly signal?: AbortSignal | undefined;
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
  /** This process as a member of the fleet. */
  fleet(): FleetReport;
  /** What became of the records of every target, together. */
  totals(): StreamTotals;
  /** The waits of all records from receipt to acknowledgement so far. */
  latency(): Latency;
  /**
   * Not ready → no more commands → sockets closed → records flushed or left in the spool → leases handed over → offsets
   * committed. Safe to call twice. Resolves to whether nothing was lost: all of it is in Kafka, or in the spool, which
   * the log then says.
   */
  close(): Promise<boolean>;
}

/**
 * Starts a gateway and resolves when it takes commands. What it started before a failure is closed again.
 *
 * @throws GatewayError `start_aborted` when the signal ended the start and nothing is lost, `records_lost` when Kafka
 * did not take everything that was received meanwhile.
 */
export async function createGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const { config: changes, overrides = {}, signal } = options;
  const config = completeConfig(changes);
  const clock = overrides.clock ?? systemClock;
  const logger = overrides.logger ?? createJsonLogger(config.logLevel);
  const metrics = overrides.metrics ?? createPrometheusMetrics();
  const closing = createClosingStack(logger);
  try {
    return await start({ config, overrides, clock, logger, metrics }, closing, signal);
  } catch (error) {
    const isClosed = closing.close();
    // What a server that never answers keeps from closing is closed when it can be.
    if (signal?.aborted) await settledWithin(abortedCloseMs, isClosed, clock);
    else await isClosed;
    throw error;
  }
}

/** Longest wait for all to be closed when a start is ended, in ms. */
const abortedCloseMs = 1_000;

/** How often the latest batch of each target is shown. */
const batchCollectedMs = 10_000;

/** Connection state expires an hour after its last write; this is often enough to lose two writes and keep it. */
const connectionRefreshMs = 15 * 60_000;

/**
 * How long a shutdown waits for its records before it lets another member open its streams, in ms. Whoever goes on
 * should begin after what was received here, but while Kafka is away nobody would receive anything.
 */
const handOverAfterMs = 1_500;

async function start(
  surroundings: Surroundings,
  closing: ClosingStack,
  signal: AbortSignal | undefined,
): Promise<Gateway> {
  const { config, overrides, clock, logger, metrics } = surroundings;
  const readiness = createReadiness();
  const started = readiness.begin('the gateway');
  // Before anything is reached: whoever waits for the start can see what it waits for.
  const operations = await startOperationsServer({ ...config.operations, metrics, readiness, logger });
  closing.defer('operations', () => operations.close());
  const foundation = await leaveWhenAborted(() => layFoundation(surroundings, readiness, closing, signal), signal);
  const { servers, transport, schemas } = foundation;
  /** Monotonic milliseconds at which closing stops waiting. */
  let deadline: number | undefined;
  // A little at any rate, for what takes no time when all is well.
  const leftMs = (): number =>
    deadline === undefined ? config.shutdownDeadlineMs : Math.max(500, deadline - clock.monotonic());
  const producers = await leaveWhenAborted(
    () =>
      connectProducers(
        {
          config,
          transport,
          clock,
          logger,
          metrics,
          leftMs,
          onRecordsEvent: (event) => {
            events.backpressure(event);
            reportProducer(event);
          },
        },
        closing,
      ),
    signal,
  );
  const commands = createCommandTimeline({ clock });
  const ownEvents = createEventPublisher({
    producer: producers.events,
    topics: config.topics,
    encodeConnectSuccess: schemas.encodeConnectSuccess,
    clock,
    logger,
  });
  const events = followedEvents(ownEvents, commands);
  const reportProducer = createProducerMetricsReporter({
    producer: producers.events,
    queueDepth: () => producers.records.queueStatus.queue_size,
    topic: config.topics.metrics,
    encode: schemas.encodeProducerMetrics,
    clock,
  });
  const { bus } = servers;
  const convert = await leaveWhenAborted(
    () => prepareKrwConversion({ config, rates: overrides.rates, bus, clock, logger, metrics }, closing),
    signal,
  );
  const records = await openRecordDelivery(
    {
      ...foundation,
      producers,
      events,
      convert,
      publishers: () => orchestrator.books.publishers,
      publisherOf: (target) => orchestrator.books.publisherOf(target),
    },
    closing,
  );
  const recorder = createConnectionRecorder({
    cache: servers.connections,
    logger,
    onFailure: ({ target }, error) => fleet.recordingFailed(target, error),
  });
  closing.defer(
    'connection refresh',
    repeat(clock, connectionRefreshMs, () => recorder.refresh()),
  );
  const breakers = createBreakers({ clock, logger, metrics, redis: servers.redis, store: overrides.breakerStore });
  closing.defer('breakers', () => breakers.close());
  const ownership = new Ownership({
    leases: servers.leases,
    member: createMemberName(),
    leaseMs: config.redis.leaseMs,
    clock,
    onLost: (target, reason) => fleet.lose(target, reason),
  });
  const orchestrator = createStreams({
    ...foundation,
    records,
    events,
    progress: commands,
    recorder,
    breakers,
    ownership,
  });
  const fleet = createFleet({
    bus,
    cache: servers.connections,
    ownership,
    streams: orchestrator,
    whenUnconfirmed: config.redis.whenAway,
    shareEveryMs: config.redis.shareEveryMs,
    answerTimeoutMs: config.commands.proofTimeoutMs + 5_000,
    onStoreBack: () => recorder.refresh(),
    events,
    progress: commands,
    logger,
    clock,
  });
  closing.defer('fleet', async () => {
    fleet.stop();
    await fleet.handOver();
    await fleet.close();
  });
  exposeStreams(metrics.registry, () => orchestrator.books.report());
  exposeDelivery(metrics.registry, () => records.status);
  records.start();
  relieveLag(
    {
      records,
      events,
      metrics,
      clock,
      shedMs: config.publishing.shedLagMs,
      readP99Ms: overrides.readEventLoopP99Ms,
    },
    closing,
  );

  const performance = createBatchPerformance({
    producer: producers.events,
    topic: config.topics.batchPerformance,
    clock,
    logger,
  });
  const minutes = startMinuteMetrics({
    producer: producers.events,
    topic: config.topics.metrics,
    encode: schemas.encodeMetrics,
    takeMinute: () => orchestrator.books.takeMinute(),
    performance,
    clock,
    logger,
  });
  closing.defer(
    'batch performance',
    repeat(clock, batchCollectedMs, () => performance.collected(orchestrator.books.publishers)),
  );
  closing.defer('minutes', () => minutes.stop());

  const consumers = createCommandConsumers({
    ...foundation,
    streams: fleet.commands,
    events,
    progress: commands,
    producers,
  });
  serveOperations({
    ...foundation,
    operations,
    readiness,
    orchestrator,
    consumers,
    producers,
    breakers,
    records,
    fleet,
    ownership,
    commands,
  });
  closing.defer('command consumers', () => consumers.close());

  const close = async (): Promise<boolean> => {
    readiness.end('the gateway is closing');
    deadline = clock.monotonic() + config.shutdownDeadlineMs;
    fleet.stop();
    const commandsEnded = consumers.close();
    await orchestrator.shutdown();
    const delivered = records.close(leftMs());
    await settledWithin(handOverAfterMs, delivered, clock);
    await fleet.handOver();
    const { spooled, dropped } = await delivered;
    if (spooled > 0) logger.info(`${spooled} messages stay in the spool; the next start sends them`, { spooled });
    // Kafka may be away. All that must not be lost is safe by now.
    await settledWithin(leftMs(), commandsEnded, clock);
    minutes.stop();
    await settledWithin(leftMs(), recorder.idle(), clock);
    await settledWithin(leftMs(), closing.close(), clock);
    return dropped === 0;
  };
  let closed: Promise<boolean> | undefined;
  const closeOnce = (): Promise<boolean> => {
    closed ??= close();
    return closed;
  };
  // From here on streams may be open: they are handed over also by a start that is ended.
  await unlessAborted(
    async () => {
      await fleet.start();
      await consumers.start();
    },
    signal,
    closeOnce,
  );
  started();
  logger.info('gateway ready', {
    operations: operations.url,
    brokers: servers.brokers,
    registry: servers.registryUrl,
  });
  return {
    kafka: servers.brokers,
    registry: servers.registryUrl,
    operations: operations.url,
    embedded: servers.embedded,
    report: () => orchestrator.books.report(),
    fleet: () => fleet.report(),
    totals: () => orchestrator.books.totals(),
    latency: () => orchestrator.books.latency(),
    close: closeOnce,
    [Symbol.asyncDispose]: async () => void (await closeOnce()),
  };
}

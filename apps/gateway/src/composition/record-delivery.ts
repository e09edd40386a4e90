import { randomUUID } from 'node:crypto';
import {
  type Clock,
  isExchangeName,
  type Logger,
  realtimeTopic,
  regionOf,
  requestTypes,
  type Target,
  targetKey,
} from '@naru/core';
import { openSpool, type Spool, type SpooledMessage } from '@naru/kafka-clients/spool';
import type { GatewayConfig } from '../config/gateway-config.js';
import type { Convert } from '../conversion/krw-conversion.js';
import type { EventPublisher } from '../events/event-publisher.js';
import { GatewayError } from '../gateway-error.js';
import { createDelivery, type Delivery, type DeliveryEnd } from '../publishing/delivery.js';
import { createLossLedger } from '../publishing/loss-ledger.js';
import { createRecordPublisher, type HoldReason, type RecordPublisher } from '../publishing/record-publisher.js';
import { createRounds } from '../publishing/rounds.js';
import { readNote } from '../publishing/spool-note.js';
import type { ClosingStack } from './closing-stack.js';
import type { Producers } from './producers.js';
import type { Schemas } from './schemas.js';

export interface RecordDeliveryOptions {
  readonly config: GatewayConfig;
  readonly producers: Producers;
  readonly schemas: Pick<Schemas, 'encodeBatch'>;
  readonly events: EventPublisher;
  /** Every publisher there is. */
  readonly publishers: () => readonly RecordPublisher[];
  /** The publisher of a target, made when there is none. */
  readonly publisherOf: (target: Target) => RecordPublisher;
  /** What becomes of records before they are batched. */
  readonly convert: Convert | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How records get from publishers into Kafka: producer, memory, spool, and what is told when all are full. */
export interface RecordDelivery extends Pick<Delivery, 'status'> {
  createPublisher(target: Target): RecordPublisher;
  /** Accounts for what an earlier process left in the spool and begins to send it. */
  start(): void;
  /** Makes every publisher of tickers, present and future, keep the latest of each market to itself, or ends that. */
  shed(shedding: boolean): void;
  /** While they are: sends the latest ticker of each market. */
  sendLatest(): void;
  /** Records of every open batch are handed over before. */
  close(deadlineMs: number): Promise<DeliveryEnd>;
}

/** Opens the spool. @throws GatewayError `start_failed` when the spool cannot be opened */
export async function openRecordDelivery(
  options: RecordDeliveryOptions,
  closing: ClosingStack,
): Promise<RecordDelivery> {
  const { config, producers, schemas, events, publishers, publisherOf, convert, clock, logger } = options;
  const { publishing } = config;
  const rounds = createRounds(clock, publishing.maxBatchWaitMs);
  const instanceId = randomUUID().replaceAll('-', '').slice(0, 12);
  const recovered = new Map<string, number>();
  const spool = await openConfigured(options, recovered);
  closing.defer('spool', () => spool?.close());

  const held = new Set<HoldReason>();
  const isHeldFor = (publisher: RecordPublisher, reason: HoldReason): boolean =>
    reason === 'full' || publisher.target.request_type === 'ticker';
  const hold = (reason: HoldReason, holding: boolean): void => {
    if (holding) held.add(reason);
    else held.delete(reason);
    for (const publisher of publishers()) {
      if (!isHeldFor(publisher, reason)) continue;
      if (holding) publisher.hold(reason);
      else publisher.release(reason);
    }
  };

  const delivery = createDelivery({
    producer: producers.records,
    spool,
    maxMemoryBytes: publishing.maxMemoryBytes,
    stallMs: publishing.stallMs,
    ownerOf: (key) => {
      const target = targetOf(key);
      return target && publisherOf(target);
    },
    onDetour: (detour, reason) =>
      events.backpressure(
        {
          type: detour ? 'backpressure_activated' : 'backpressure_deactivated',
          producerName: 'delivery',
          status: { ...producers.records.queueStatus, is_throttled: detour },
        },
        { type: 'Delivery', message: reason },
      ),
    onFull: (full) => hold('full', full),
    clock,
    logger,
  });
  const losses = createLossLedger({
    clock,
    isLosing: () => delivery.status.isFull,
    onGap: ({ target, symbol, from, to, records, reason, message }) =>
      events.failed({
        boundary: 'publish',
        error: new GatewayError(
          'records_lost',
          `${records} records of ${symbol ?? 'several markets'} were lost: ${message}`,
        ),
        target,
        context: { exchange: target.exchange, symbol, from, to, records, reason },
      }),
  });

  return {
    get status() {
      return delivery.status;
    },
    createPublisher(target) {
      const publisher = createRecordPublisher({
        target,
        topic: realtimeTopic(target.request_type, target.region, config.topics),
        delivery,
        convert: convert && ((found) => convert(target, found)),
        encode: schemas.encodeBatch[target.request_type],
        instanceId,
        clock,
        maxBatchRecords: publishing.maxBatchRecords,
        maxBatchWaitMs: publishing.maxBatchWaitMs,
        rounds,
        onLost: (extent, reason, error) => losses.add(target, extent, reason, error),
      });
      for (const reason of held) if (isHeldFor(publisher, reason)) publisher.hold(reason);
      return publisher;
    },
    start: () => delivery.start(recovered),
    shed: (shedding) => hold('lag', shedding),
    sendLatest() {
      for (const publisher of publishers()) publisher.sendLatest();
    },
    async close(deadlineMs) {
      const end = await delivery.close(deadlineMs);
      losses.flush();
      return end;
    },
  };
}

async function openConfigured(
  { config, events, clock, logger }: RecordDeliveryOptions,
  recovered: Map<string, number>,
): Promise<Spool | undefined> {
  const { directory, maxBytes, fsyncIntervalMs } = config.spool;
  if (directory === undefined) return undefined;
  const count = (message: SpooledMessage): void => {
    const note = readNote(message);
    if (note) recovered.set(note.target, (recovered.get(note.target) ?? 0) + note.extent.records);
  };
  try {
    return await openSpool({
      directory,
      maxBytes,
      fsyncIntervalMs,
      clock,
      logger,
      onRecovered: count,
      onError: (error) => events.failed({ boundary: 'publish', error }),
    });
  } catch (error) {
    throw new GatewayError('start_failed', (error as Error).message, { cause: error });
  }
}

/** The target that a key names, when it is one of ours. */
function targetOf(key: string): Target | undefined {
  const [exchange = '', region, kind] = key.split('/');
  const request_type = requestTypes.find((one) => one === kind);
  if (!isExchangeName(exchange) || regionOf(exchange) !== region || !request_type) return undefined;
  const target: Target = { exchange, region: regionOf(exchange), request_type };
  return targetKey(target) === key ? target : undefined;
}

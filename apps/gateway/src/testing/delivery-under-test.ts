import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MarketRecord, silentLogger, targetKey } from '@naru/core';
import { createManualClock, type ManualClock } from '@naru/core/testing';
import { openSpool, type Spool, type SpooledMessage, type SpoolOptions } from '@naru/kafka-clients/spool';
import { afterEach, beforeEach, expect } from 'vitest';
import type { Accounts } from '../publishing/accounts.js';
import { createDelivery, type Delivery, type DeliveryOptions } from '../publishing/delivery.js';
import { createRecordPublisher, type RecordPublisher } from '../publishing/record-publisher.js';
import { readNote } from '../publishing/spool-note.js';
import { PlayedKafka } from './played-kafka.js';
import { upbitTrades } from './upbit-trades.js';

export interface LifeOptions {
  readonly kafka?: PlayedKafka;
  readonly spool?: boolean;
  readonly delivery?: Partial<DeliveryOptions>;
  readonly spoolOptions?: Partial<SpoolOptions>;
}

/** One life of a gateway as far as delivery goes. */
export interface Life {
  readonly kafka: PlayedKafka;
  readonly spool: Spool | undefined;
  readonly delivery: Delivery;
  readonly publisher: RecordPublisher;
  readonly lost: readonly (readonly [reason: string, records: number])[];
  /** Each time that there was no room any more, or room again. */
  readonly fullness: readonly boolean[];
  /** What became of the records so far, after a look at whether it adds up. */
  accounts(): Accounts;
  /** Publishes trades with these ids: odd ones of one market, even ones of another. */
  send(...ids: number[]): void;
}

export interface DeliveryUnderTest {
  readonly clock: ManualClock;
  live(options?: LifeOptions): Promise<Life>;
  /** Lets disk and clock go on until something holds: the clock is the test's, the disk takes the time it takes. */
  until(holds: () => boolean, stepMs?: number): Promise<void>;
  spoolDirectory(name?: string): string;
}

/** Delivery with a clock that stands still and a disk that is real: each test has its own directory for spools. */
export function deliveryUnderTest(): DeliveryUnderTest {
  const clock = createManualClock(1_700_000_000_000);
  let root: string;
  const open: Spool[] = [];
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'delivery-'));
  });
  afterEach(async () => {
    for (const spool of open.splice(0)) await spool.close().catch(() => {});
    await rm(root, { recursive: true, force: true });
  });
  const spoolDirectory = (name = 'spool'): string => join(root, name);

  return {
    clock,
    spoolDirectory,
    async live({ kafka = new PlayedKafka(), spool: withSpool = true, delivery: more, spoolOptions } = {}) {
      const recovered = new Map<string, number>();
      const onRecovered = (message: SpooledMessage): void => {
        const note = readNote(message)!;
        recovered.set(note.target, (recovered.get(note.target) ?? 0) + note.extent.records);
      };
      const spool = withSpool
        ? await openSpool({ directory: spoolDirectory(), clock, onRecovered, ...spoolOptions })
        : undefined;
      if (spool) open.push(spool);
      const lost: [reason: string, records: number][] = [];
      const fullness: boolean[] = [];
      const delivery: Delivery = createDelivery({
        producer: kafka.producer,
        spool,
        maxMemoryBytes: 1_000_000,
        stallMs: 2_000,
        ownerOf: (key) => (key === targetKey(upbitTrades) ? publisher : undefined),
        onFull: (full) => {
          fullness.push(full);
          if (full) publisher.hold('full');
          else publisher.release('full');
        },
        clock,
        logger: silentLogger,
        ...more,
      });
      const publisher: RecordPublisher = createRecordPublisher({
        target: upbitTrades,
        topic: 'trades',
        delivery,
        encode: (batch) => Buffer.from(JSON.stringify(batch)),
        instanceId: 'here',
        clock,
        maxBatchRecords: 1,
        maxBatchWaitMs: 10,
        onLost: ({ records }, reason) => lost.push([reason, records]),
      });
      delivery.start(recovered);
      return {
        kafka,
        spool,
        delivery,
        publisher,
        lost,
        fullness,
        accounts() {
          const { accounts } = publisher.snapshot();
          const { received, acknowledged, conflated, dropped, buffered, spooled } = accounts;
          expect(received).toBe(acknowledged + conflated + dropped + buffered);
          expect(spooled).toBeLessThanOrEqual(buffered);
          return accounts;
        },
        send(...ids) {
          for (const id of ids) publisher.publish([tradeOf(id, clock.now())], 'c', 1);
        },
      };
    },
    async until(holds, stepMs = 250) {
      const giveUpAt = performance.now() + 20_000;
      while (!holds() && performance.now() < giveUpAt) {
        await new Promise((resolve) => setImmediate(resolve));
        await clock.advance(stepMs);
      }
      expect(holds()).toBe(true);
    },
  };
}

function tradeOf(id: number, nowMs: number): MarketRecord {
  const record = {
    code: id % 2 ? 'KRW-BTC' : 'KRW-ETH',
    sequential_id: String(id),
    trade_timestamp: id,
    received_at: nowMs / 1_000,
  };
  return record as unknown as MarketRecord;
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** What Kafka has of these ids when each market is whole and in order. */
export function inOrder(from: number, to: number): Record<'KRW-BTC' | 'KRW-ETH', string[]> {
  const ids = range(from, to);
  return { 'KRW-BTC': ids.filter((id) => id % 2).map(String), 'KRW-ETH': ids.filter((id) => id % 2 === 0).map(String) };
}

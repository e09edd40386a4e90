import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRecordBatch, type RecordBatch, type TickerRecord, type TradeRecord } from '@naru/core';
import { repositoryRoot } from '../harness/repository-root.js';

/** How many different batches take turns: with a single one the engine remembers the text of every number. */
const VARIANTS = 256;

export const tickerSchema: string = readFileSync(join(repositoryRoot(), 'schemas', 'ticker_data.avsc'), 'utf8');
export const tradeSchema: string = readFileSync(join(repositoryRoot(), 'schemas', 'trade_data.avsc'), 'utf8');

/** The trade schema as a later reader would have it: one more field, with a default. */
export const laterTradeSchema: string = tradeSchema.replace(
  '"name": "batch_size"',
  '"name": "source", "type": "string", "default": "live" },\n    { "name": "batch_size"',
);

const target = { exchange: 'upbit', region: 'korea' } as const;
const clock = { now: () => 1_730_336_862_082 };

function ticker(variant: number, index: number): TickerRecord {
  const close = 98_801_000 + variant * 137 + index * 1_000;
  const prevClose = 100_473_000;
  return {
    code: 'KRW-BTC',
    timestamp: 1_730_336_862.082 + variant * 0.37 + index * 0.1,
    open: 100_473_000,
    high: 100_491_000 + variant,
    low: 98_301_000,
    close,
    volume: 2_384.31028491 + variant * 0.173,
    quote_volume: 237_142_098_192.12 + variant * 913.7,
    prev_close: prevClose,
    change_price: close - prevClose,
    change_rate: (close - prevClose) / prevClose,
    window: '24h',
    stream_type: 'REALTIME',
    received_at: 1_730_336_862.124 + variant * 0.37 + index * 0.1,
  };
}

function trade(variant: number): TradeRecord {
  const price = 98_801_000 + variant * 137;
  const volume = 0.00014208 * (variant + 1);
  return {
    code: 'KRW-BTC',
    trade_timestamp: 1_730_336_862.082 + variant * 0.37,
    trade_price: price,
    trade_volume: volume,
    ask_bid: variant % 2 === 0 ? 1 : -1,
    sequential_id: `1730336862082${String(variant).padStart(6, '0')}`,
    trade_amount: price * volume,
    stream_type: 'REALTIME',
    received_at: 1_730_336_862.124 + variant * 0.37,
  };
}

const variants = <T>(create: (variant: number) => T): readonly T[] =>
  Array.from({ length: VARIANTS }, (_, variant) => create(variant));

/** Batches of `size` tickers of one market. */
export function tickerBatches(size = 10): readonly RecordBatch<'ticker'>[] {
  return variants((variant) =>
    createRecordBatch(
      { ...target, request_type: 'ticker' },
      Array.from({ length: size }, (_, index) => ticker(variant, index)),
      clock,
    ),
  );
}

/** Batches of one trade: the smallest message there is. */
export function tradeBatches(): readonly RecordBatch<'trade'>[] {
  return variants((variant) => createRecordBatch({ ...target, request_type: 'trade' }, [trade(variant)], clock));
}

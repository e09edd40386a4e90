import { type Clock, type ExchangeName, type MarketRecord, regionOf, type Target, type UsdKrwRate } from '@naru/core';
import type { RateSource } from './rate-source.js';

export interface TickerRateOptions {
  readonly exchange: ExchangeName;
  /** Market code whose price is taken for that of a dollar, such as `KRW-USDT`. */
  readonly market: string;
  /** How long after its receipt a price is used, in ms. */
  readonly staleMs: number;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** A rate and how long ago it was received, in ms. */
export interface AgedRate {
  readonly rate: UsdKrwRate;
  readonly ageMs: number;
}

export interface TickerRate extends RateSource {
  observe(target: Target, records: readonly MarketRecord[]): void;
  /** The rate that this process received itself, as long as it is used. */
  received(): AgedRate | undefined;
  /** Takes what another member received, if that was later than anything known here. */
  learn(heard: AgedRate): void;
}

/**
 * The last price of a market that this process streams, or that a member who does tells it: it watches tickers that are
 * received anyway, and opens nothing.
 */
export function createTickerRate({ exchange, market, staleMs, clock }: TickerRateOptions): TickerRate {
  const source = `${exchange}:${market}`;
  // By the clock that nobody sets, and by receipt: a quiet market's last trade may be old and its price still true.
  let latest: { readonly rate: UsdKrwRate; readonly receivedAt: number; readonly isOwn: boolean } | undefined;
  const isStale = (): boolean => latest === undefined || clock.monotonic() - latest.receivedAt >= staleMs;

  return {
    current: () => (isStale() ? undefined : latest?.rate),
    observe(target, records) {
      if (target.exchange !== exchange || target.request_type !== 'ticker') return;
      for (const record of records) {
        if (record.code !== market || !('close' in record) || !(record.close > 0)) continue;
        latest = {
          rate: { krwPerUsd: record.close, source, at: record.timestamp },
          receivedAt: clock.monotonic(),
          isOwn: true,
        };
      }
    },
    received() {
      if (!latest?.isOwn || isStale()) return undefined;
      return { rate: latest.rate, ageMs: clock.monotonic() - latest.receivedAt };
    },
    learn({ rate, ageMs }) {
      const receivedAt = clock.monotonic() - ageMs;
      if (rate.source !== source || (latest && latest.receivedAt >= receivedAt)) return;
      latest = { rate, receivedAt, isOwn: false };
    },
    advice: `No ticker of ${source} came in the last ${staleMs / 1_000} s, here or at another member. One of the fleet must stream it: naru connect ${exchange} ticker ${market} (${regionOf(exchange)}).`,
  };
}

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

/** The last price of a market that this process streams: it watches tickers that are received anyway, and opens nothing. */
export function createTickerRate({ exchange, market, staleMs, clock }: TickerRateOptions): RateSource {
  const source = `${exchange}:${market}`;
  let latest: { readonly rate: UsdKrwRate; readonly receivedAt: number } | undefined;

  return {
    // By the clock that nobody sets, and by receipt: a quiet market's last trade may be old and its price still true.
    current: () => (latest && clock.monotonic() - latest.receivedAt < staleMs ? latest.rate : undefined),
    observe(target: Target, records: readonly MarketRecord[]): void {
      if (target.exchange !== exchange || target.request_type !== 'ticker') return;
      for (const record of records) {
        if (record.code !== market || !('close' in record) || !(record.close > 0)) continue;
        latest = {
          rate: { krwPerUsd: record.close, source, at: record.timestamp },
          receivedAt: clock.monotonic(),
        };
      }
    },
    advice: `No ticker of ${source} came in the last ${staleMs / 1_000} s. This gateway must stream it: naru connect ${exchange} ticker ${market} (${regionOf(exchange)}).`,
  };
}

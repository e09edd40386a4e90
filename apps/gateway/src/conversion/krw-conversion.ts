import { convertToKrw, isUsdQuoted, type Logger, type MarketRecord, type Target } from '@naru/core';
import type { RateSource } from './rate-source.js';

/** What becomes of a target's records between their receipt and their batch. They come back as they are, or copied. */
export type Convert = (target: Target, records: readonly MarketRecord[]) => readonly MarketRecord[];

export interface KrwConversionOptions {
  readonly rates: RateSource;
  readonly logger: Logger;
}

/**
 * Adds amounts in won by the rate that is known when a record is received. Without a rate records go on without them:
 * an old price in won is worse than none. Losing and finding the rate is logged once each.
 */
export function createKrwConversion({ rates, logger }: KrwConversionOptions): Convert {
  let missing = false;
  return (target, records) => {
    rates.observe?.(target, records);
    if (!records.some(({ code }) => isUsdQuoted(code))) return records;
    const rate = rates.current();
    if (missing !== (rate === undefined)) {
      missing = rate === undefined;
      if (rate) logger.info('records have amounts in won again', { rate: rate.krwPerUsd, source: rate.source });
      else logger.warn(`records have no amounts in won: no rate is known. ${rates.advice}`);
    }
    if (!rate) return records;
    return records.map((record) => convertToKrw(target.request_type, record, rate));
  };
}

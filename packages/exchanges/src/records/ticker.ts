import type { TickerRecord } from '@naru/core';
import { toNumber } from '../reading/numbers.js';
import type { Reading } from '../session/reading.js';

/** The figures an exchange may leave out. Each is added only when it is a finite number. */
export interface TickerExtras {
  readonly quoteVolume?: unknown;
  readonly prevClose?: unknown;
  /**
   * What the change is counted from where the exchange has no previous close: the open of the same window.
   * Without it and without a previous close there is no change.
   */
  readonly changeFrom?: number;
}

const isAmount = (value: number): boolean => value >= 0;

/**
 * Adds `ticker` to the reading if its required numbers are amounts, with the extras that are numbers; otherwise
 * reports the frame. Change is always close − its reference and the rate that divided by the reference, so both come
 * from one window even where an exchange sends figures of several.
 */
export function addTicker(reading: Reading, ticker: TickerRecord, extras: TickerExtras): void {
  if (
    !(
      ticker.timestamp > 0 &&
      ticker.timestamp < Number.POSITIVE_INFINITY &&
      isAmount(ticker.open) &&
      isAmount(ticker.high) &&
      isAmount(ticker.low) &&
      isAmount(ticker.close) &&
      isAmount(ticker.volume)
    )
  ) {
    reading.fail('shape', 'The ticker lacks a time, open, high, low, close or volume that is a number.', ticker.code);
    return;
  }
  const quoteVolume = toNumber(extras.quoteVolume);
  if (isAmount(quoteVolume)) ticker.quote_volume = quoteVolume;
  const prevClose = toNumber(extras.prevClose);
  if (isAmount(prevClose)) ticker.prev_close = prevClose;
  const reference = isAmount(prevClose) ? prevClose : extras.changeFrom;
  if (reference !== undefined && reference > 0) {
    const change = ticker.close - reference;
    const rate = change / reference;
    // Two numbers at the ends of what a double holds have no finite quotient.
    if (Number.isFinite(rate)) {
      ticker.change_price = change;
      ticker.change_rate = rate;
    }
  }
  reading.record(ticker);
}

import { NaruError } from '@naru/core';

/** What goes wrong when an adapter is asked for something it cannot do. Frames never throw: they report failures. */
export type ExchangeErrorCode =
  | 'unknown_exchange'
  | 'unsupported_kind'
  | 'invalid_market_code'
  | 'too_many_symbols'
  | 'duplicate_exchange'
  | 'invalid_option'
  | 'invalid_instruments';

/** Error of this package; branch on `code`. */
export class ExchangeError extends NaruError {
  override name = 'ExchangeError';
  declare readonly code: ExchangeErrorCode;

  constructor(code: ExchangeErrorCode, message: string, cause?: unknown) {
    super(message, { code, ...(cause === undefined ? {} : { cause }) });
  }
}

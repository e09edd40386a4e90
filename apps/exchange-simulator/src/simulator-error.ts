import { NaruError } from '@naru/core';

export type SimulatorErrorCode =
  | 'invalid_option'
  | 'listen_failed'
  | 'unknown_exchange'
  | 'not_started'
  | 'invalid_capture'
  | 'record_failed';

/** Error of the simulator; branch on `code`. */
export class SimulatorError extends NaruError {
  override name = 'SimulatorError';
  declare readonly code: SimulatorErrorCode;

  constructor(code: SimulatorErrorCode, message: string, cause?: unknown) {
    super(message, { code, ...(cause === undefined ? {} : { cause }) });
  }
}

import type { Logger } from '@naru/core';
import { pino } from 'pino';
import type { LogLevel } from './config/gateway-config.js';

/** Bytes of the log that may wait for whoever reads it: some ten thousand lines. */
const maxWaitingBytes = 4 * 1024 * 1024;
/** How long the end of the process waits for whoever reads the log, in milliseconds. */
const lastLinesMs = 1_000;
/** How long it waits for a thread that has lines in hand, in milliseconds: it needs microseconds, once it has its turn. */
const lineInHandMs = 500;

/**
 * Writes one JSON line an entry to stderr; stdout belongs to what a command prints. Nothing waits for whoever reads it:
 * lines for which there is no room are counted, and the count is a line as soon as there is room again.
 */
export function createJsonLogger(level: LogLevel): Logger {
  let giveUpAt = Number.POSITIVE_INFINITY;
  const destination = pino.destination({
    dest: 2,
    // Otherwise a reader that is slow for a moment holds the event loop for a tenth of a second at least.
    sync: false,
    maxLength: maxWaitingBytes,
    retryEAGAIN: () => performance.now() < giveUpAt,
  });
  const flushSync = destination.flushSync.bind(destination);
  // Called as the process exits; nobody is left to be told that it failed.
  destination.flushSync = () => {
    giveUpAt = performance.now() + lastLinesMs;
    // A thread of libuv writes these lines, and dies with the process; what follows them must not overtake them either.
    if (isWriting(destination)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lineInHandMs);
    try {
      flushSync();
    } catch {}
  };
  const lines = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: ['password', '*.password', 'sasl', '*.sasl', 'token', '*.token'], censor: '[redacted]' },
    },
    destination,
  );
  let leftOut = 0;
  destination.on('drop', () => {
    leftOut += 1;
  });
  destination.on('drain', () => {
    if (leftOut === 0) return;
    const count = leftOut;
    leftOut = 0;
    lines.warn({ count }, `${count} lines of the log were left out: nobody read them in time`);
  });
  return {
    debug: (message, fields) => lines.debug(fields ?? {}, message),
    info: (message, fields) => lines.info(fields ?? {}, message),
    warn: (message, fields) => lines.warn(fields ?? {}, message),
    error: (message, fields) => lines.error(fields ?? {}, message),
  };
}

/** Whether a thread has lines in hand: the destination knows, and tells nobody. */
const isWriting = (destination: object): boolean => (destination as { readonly _writing?: boolean })._writing === true;

/** The same logger with fields that every line of it carries. */
export function withFields(logger: Logger, fields: Readonly<Record<string, unknown>>): Logger {
  const join = (own: object | undefined): Record<string, unknown> => ({ ...fields, ...own });
  return {
    debug: (message, own) => logger.debug(message, join(own)),
    info: (message, own) => logger.info(message, join(own)),
    warn: (message, own) => logger.warn(message, join(own)),
    error: (message, own) => logger.error(message, join(own)),
  };
}

import type { Logger } from '@naru/core';
import { pino } from 'pino';
import type { LogLevel } from './config/gateway-config.js';

/** Writes one JSON line an entry to stderr; stdout belongs to what a command prints. */
export function createJsonLogger(level: LogLevel): Logger {
  const lines = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: ['password', '*.password', 'sasl', '*.sasl', 'token', '*.token'], censor: '[redacted]' },
    },
    pino.destination({ dest: 2, sync: true }),
  );
  return {
    debug: (message, fields) => lines.debug(fields ?? {}, message),
    info: (message, fields) => lines.info(fields ?? {}, message),
    warn: (message, fields) => lines.warn(fields ?? {}, message),
    error: (message, fields) => lines.error(fields ?? {}, message),
  };
}

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

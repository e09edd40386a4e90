/** Structured fields of one log line. Never put secrets here. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The little that packages ask of a logger; pino's child loggers can be wrapped in five lines. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const ignore = (): void => {};

/** Says nothing: the default wherever a logger can be passed. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

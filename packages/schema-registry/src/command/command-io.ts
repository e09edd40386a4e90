/** What a command has of the world around it. */
export interface CommandIo {
  /** Paths are relative to it. */
  readonly cwd: string;
  /** Results. */
  out(text: string): void;
  /** What goes wrong. */
  err(text: string): void;
}

/** What the shell learns. */
export const exitCodes = {
  fine: 0,
  /** A schema is incompatible, or generated types are out of date. */
  incompatible: 1,
  /** The arguments, the directory or a schema are wrong. */
  usage: 2,
  /** The registry cannot be asked. */
  unreachable: 3,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What a command found: JSON for machines, lines for people. */
export interface CommandResult {
  readonly exitCode: ExitCode;
  readonly json: object;
  readonly lines: readonly string[];
}

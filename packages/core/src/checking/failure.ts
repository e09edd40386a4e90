/** One place at which a value is not what its schema says. */
export interface CheckFailure {
  /** JSON pointer (RFC 6901) of the place, cut after 500 characters; empty for the value itself. */
  readonly pointer: string;
  /** What belongs there, in words: `string of at least 1 character`, `one of "a", "b"`, `no such field`. */
  readonly expected: string;
  /** What is there, in words and cut short: `missing`, `number -1`, `string "x"`. */
  readonly actual: string;
}

/** The outcome of a check: the same value with its type, or every reason why not. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failures: readonly CheckFailure[] };

/** Failures on one line, for messages and headers: at most `limit` of them (10). */
export function formatFailures(failures: readonly CheckFailure[], limit = 10): string {
  const shown = failures
    .slice(0, limit)
    .map(({ pointer, expected, actual }) => `${pointer || '(whole value)'}: expected ${expected}, got ${actual}`);
  const rest = failures.length - shown.length;
  return rest > 0 ? `${shown.join('; ')}; and ${rest} more` : shown.join('; ');
}

/** Name of the context of subjects that name none. */
export const defaultContext = '.';

/** Subjects may be qualified with a context: `:.staging:ticker-data-value`. */
export function contextOf(subject: string): string {
  return /^:(\.[^:]*):/.exec(subject)?.[1] ?? defaultContext;
}

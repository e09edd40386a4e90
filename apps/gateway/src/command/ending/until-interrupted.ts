/** Aborts on SIGINT and SIGTERM. */
export function untilInterrupted(): AbortController {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
  return interruption;
}

import { setTimeout as sleep } from 'node:timers/promises';

/** Lets time pass: a course lasts as long as it says. */
export const forSeconds = (seconds: number): Promise<void> => sleep(seconds * 1_000);

/**
 * Waits for something in another process, which gives no event to wait for.
 *
 * @returns milliseconds that it took
 * @throws when it does not happen in time, saying what was awaited
 */
export async function until(
  what: string,
  withinSeconds: number,
  holds: () => Promise<boolean> | boolean,
): Promise<number> {
  const begin = performance.now();
  for (;;) {
    if (await holds()) return performance.now() - begin;
    if (performance.now() - begin > withinSeconds * 1_000) {
      throw new Error(`${what} did not happen within ${withinSeconds} s`);
    }
    await sleep(50);
  }
}

import type { Clock } from '@naru/core';

/** Resolves when the promise has settled or the time is over. */
export async function settledWithin(ms: number, promise: Promise<unknown>, clock: Clock): Promise<void> {
  let cancel = (): void => {};
  const late = new Promise<void>((resolve) => {
    cancel = clock.schedule(ms, resolve);
  });
  await Promise.race([promise.catch(() => {}), late]);
  cancel();
}

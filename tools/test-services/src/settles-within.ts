/**
 * The outcome of `work`, or an error if it has none when a timer of `limitMs` fires that was set beside it. Timers fire in
 * the order of their times, so a busy machine delays both sides alike: that a shorter timer ends the work can be relied on.
 */
export async function settlesWithin<T>(limitMs: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const working = work();
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LateError(`Nothing had come of it after ${limitMs} ms.`)), limitMs);
  });
  try {
    return await Promise.race([working, late]);
  } finally {
    clearTimeout(timer);
  }
}

export class LateError extends Error {
  override name = 'LateError';
}

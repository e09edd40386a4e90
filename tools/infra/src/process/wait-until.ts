import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  /** Milliseconds between two questions. Default 200. */
  readonly intervalMs?: number;
  /** Milliseconds until the answer is no. Default 120,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Asks until the answer is yes (true) or the time is over (false). Rejects when `signal` aborts. */
export async function waitUntil(question: () => Promise<boolean>, options: WaitOptions = {}): Promise<boolean> {
  const deadline = performance.now() + (options.timeoutMs ?? 120_000);
  for (;;) {
    options.signal?.throwIfAborted();
    if (await question()) return true;
    if (performance.now() >= deadline) return false;
    await delay(options.intervalMs ?? 200, undefined, { signal: options.signal });
  }
}

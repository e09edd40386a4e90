import { CommandFailure } from './command-failure.js';

/** SIGINT and SIGTERM, as a command meets them: it ends at once unless it has taken upon itself to end in order. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** From now on the command ends by itself when the answered signal is aborted; it may be already. */
  take(): AbortSignal;
  /** The work, or a rejection with exit code 130 as soon as it is interrupted without having taken the signal. */
  unlessInterrupted<T>(work: Promise<T>): Promise<T>;
}

/** The part of `process` that signals come from. */
export interface SignalSource {
  once(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

/** A second signal finds no listener any more, and so ends the process whatever it does. */
export function createInterruption(source: SignalSource): Interruption {
  const controller = new AbortController();
  const { signal } = controller;
  let taken = false;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    source.once(name, () => controller.abort(new CommandFailure('interrupted', 'Interrupted before it was done.')));
  }
  return {
    signal,
    take() {
      taken = true;
      return signal;
    },
    async unlessInterrupted(work) {
      let onAbort = (): void => {};
      const interrupted = new Promise<never>((_, reject) => {
        onAbort = () => {
          if (!taken) reject(signal.reason);
        };
      });
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
      try {
        return await Promise.race([work, interrupted]);
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    },
  };
}

/** Hears of nothing: for looking at the commands without running one. */
export const uninterrupted: Interruption = createInterruption({ once: () => {} });

import { GatewayError } from '../gateway-error.js';

/** @throws GatewayError `start_aborted`, before there is anything to hand over. */
export function refuseWhenAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw startAborted(true);
}

/**
 * A step before there is anything to hand over. When the signal is aborted it is left to itself, which may wait for a
 * server that never answers.
 *
 * @throws GatewayError `start_aborted`; what the step itself throws
 */
export async function leaveWhenAborted<T>(step: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  refuseWhenAborted(signal);
  if (!signal) return await step();
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(startAborted(true));
  });
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([step(), aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/**
 * The last step of a start, at which streams may be open. When the signal is aborted before it is done, all is closed
 * in order, and only then the start is refused.
 *
 * @param close resolves to whether nothing was lost
 * @throws GatewayError `start_aborted` or `records_lost`; what the step itself throws
 */
export async function unlessAborted(
  step: () => Promise<void>,
  signal: AbortSignal | undefined,
  close: () => Promise<boolean>,
): Promise<void> {
  refuseWhenAborted(signal);
  let onAbort = (): void => {};
  const aborted = new Promise<void>((resolve) => {
    onAbort = resolve;
  });
  signal?.addEventListener('abort', onAbort, { once: true });
  const done = step();
  try {
    // What closing does to the step is no news.
    await Promise.race([done.catch((error) => (signal?.aborted ? undefined : Promise.reject(error))), aborted]);
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
  if (signal?.aborted) throw startAborted(await close());
}

function startAborted(lossless: boolean): GatewayError {
  return lossless
    ? new GatewayError('start_aborted', 'The start was ended before it was done; all it had received is delivered.')
    : new GatewayError(
        'records_lost',
        'The start was ended before it was done, and before Kafka took everything; the log says what was lost.',
      );
}

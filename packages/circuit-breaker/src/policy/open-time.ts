import { ConstantBackoff, type IBackoffFactory, type IHalfOpenAfterBackoffContext } from 'cockatiel';

/** How long a circuit stays open: always the same, or one of cockatiel's backoffs over the attempts. */
export type OpenTime = number | IBackoffFactory<IHalfOpenAfterBackoffContext>;

// A backoff may change its mind from call to call but not for ever: beyond this the time stays what it is.
const maxSteps = 64;

/** Ms for which the circuit opens the `attempt`th time in a row (from 1), shortened by up to `jitter` of itself. */
export function openTimeMs(
  openTime: OpenTime,
  attempt: number,
  context: Omit<IHalfOpenAfterBackoffContext, 'attempt'>,
  jitter: number,
  random: () => number,
): number {
  const factory = typeof openTime === 'number' ? new ConstantBackoff(openTime) : openTime;
  let backoff = factory.next({ ...context, attempt: 1 });
  for (let step = 2; step <= Math.min(attempt, maxSteps); step++) backoff = backoff.next({ ...context, attempt: step });
  return Math.max(1, Math.round(backoff.duration * (1 - jitter * random())));
}

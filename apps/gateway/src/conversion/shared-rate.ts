import type { Clock, Logger } from '@naru/core';
import type { MessageBus } from '@naru/redis-cache';
import type { AgedRate, TickerRate } from './ticker-rate.js';

/** Where the members of a fleet hear of the rate: among the channels that their ACL user may have anyway. */
export const rateChannel = 'ws:member:rate';

/** How often the member that streams the ticker tells the others, ms. */
const tellMs = 1_000;

export interface SharedRateOptions {
  readonly rate: Pick<TickerRate, 'received' | 'learn'>;
  readonly bus: MessageBus;
  readonly clock: Pick<Clock, 'schedule'>;
  readonly logger: Logger;
}

/**
 * Lets the members of a fleet know one rate: whoever streams the ticker tells it every second, the others listen. The
 * answer ends both.
 */
export async function shareRate({ rate, bus, clock, logger }: SharedRateOptions): Promise<() => Promise<void>> {
  const silence = await bus.subscribe(rateChannel, (message) => {
    const heard = readAgedRate(message);
    if (heard) rate.learn(heard);
    else logger.debug('what a member says is no rate', { length: message.length });
  });
  let cancel: () => void = () => {};
  const tell = (): void => {
    const received = rate.received();
    // Whoever does not hear it goes on with what it knows until that is too old.
    if (received) {
      bus
        .publish(rateChannel, JSON.stringify(received))
        .catch((error: unknown) => logger.debug('the rate could not be told', { error }));
    }
    cancel = clock.schedule(tellMs, tell);
  };
  tell();
  return async () => {
    cancel();
    await silence();
  };
}

/** Longest message that is looked into, in characters. */
const maxLength = 1_000;

function readAgedRate(message: string): AgedRate | undefined {
  if (message.length > maxLength) return undefined;
  try {
    const { rate, ageMs } = JSON.parse(message) as AgedRate;
    const { krwPerUsd, source, at } = rate;
    const isSound =
      typeof source === 'string' && Number.isFinite(krwPerUsd) && krwPerUsd > 0 && Number.isFinite(at) && ageMs >= 0;
    return isSound ? { rate: { krwPerUsd, source, at }, ageMs } : undefined;
  } catch {
    return undefined;
  }
}

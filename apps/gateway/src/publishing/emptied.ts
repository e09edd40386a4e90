import type { Clock } from '@naru/core';
import type { RecordPublisher } from './record-publisher.js';

/** How often the accounts are looked at, ms. */
const lookMs = 20;

/** Resolves when nothing of a publisher is on its way any more, or the time is over. */
export async function emptied(
  publisher: Pick<RecordPublisher, 'snapshot'>,
  withinMs: number,
  clock: Pick<Clock, 'monotonic' | 'schedule'>,
): Promise<void> {
  const until = clock.monotonic() + withinMs;
  while (publisher.snapshot().accounts.buffered > 0 && clock.monotonic() < until) {
    await new Promise<void>((resolve) => void clock.schedule(lookMs, resolve));
  }
}

import type { Clock } from '@naru/core';
import type { EventPublisher } from '../events/event-publisher.js';
import type { PrometheusMetrics } from '../operations/prometheus-metrics.js';
import { watchEventLoop } from '../publishing/event-loop-delay.js';
import { type LagState, startLagGuard } from '../publishing/lag-guard.js';
import type { ClosingStack } from './closing-stack.js';
import type { RecordDelivery } from './record-delivery.js';
import { repeat } from './repeat.js';

export interface LagReliefOptions {
  readonly records: Pick<RecordDelivery, 'shed' | 'sendLatest'>;
  readonly events: EventPublisher;
  readonly metrics: PrometheusMetrics;
  readonly clock: Clock;
  /** 0 never sheds. */
  readonly shedMs: number;
  /** In place of the event loop's own figure. */
  readonly readP99Ms?: (() => number) | undefined;
}

/** How often the latest ticker of each market is sent while the others are shed. */
const latestEveryMs = 500;

/** Tells when the event loop is late, and gives up tickers for it when it is very late. */
export function relieveLag(options: LagReliefOptions, closing: ClosingStack): void {
  const { records, events, metrics, clock, shedMs } = options;
  const loop = options.readP99Ms ? { readP99Ms: options.readP99Ms, stop: () => {} } : watchEventLoop();
  let endShedding: (() => void) | undefined;

  const shed = (shedding: boolean): void => {
    endShedding?.();
    endShedding = shedding ? repeat(clock, latestEveryMs, () => records.sendLatest()) : undefined;
    records.shed(shedding);
  };
  const stopGuard = startLagGuard({
    readP99Ms: loop.readP99Ms,
    shedMs,
    clock,
    onLook: (p99Ms, state) => {
      metrics.gauge('gateway_event_loop_lag_seconds', p99Ms / 1_000);
      metrics.gauge('gateway_shedding_tickers', Number(state === 'shedding'));
    },
    onChange: (state, before, p99Ms) => {
      if ((state === 'shedding') !== (before === 'shedding')) shed(state === 'shedding');
      tell(events, state, p99Ms, shedMs);
    },
  });
  closing.defer('event loop watch', () => {
    stopGuard();
    endShedding?.();
    loop.stop();
  });
}

const says: Readonly<Record<LagState, string>> = {
  calm: 'the event loop is in time again',
  late: 'the event loop is late',
  shedding: 'the event loop is very late: of the tickers only the latest of each market are sent',
};

/** The delay, in milliseconds, in the words of a queue. */
function tell(events: EventPublisher, state: LagState, p99Ms: number, shedMs: number): void {
  const delay = Math.round(p99Ms);
  const most = shedMs > 0 ? shedMs : 200;
  events.backpressure(
    {
      type: state === 'calm' ? 'backpressure_deactivated' : 'backpressure_activated',
      producerName: 'event-loop',
      status: {
        queue_size: delay,
        queue_max_size: most,
        usage_percent: Math.round((100 * delay) / most),
        is_throttled: state === 'shedding',
        high_watermark: 50,
        low_watermark: 40,
        queue_bytes: 0,
        queue_max_bytes: 0,
      },
    },
    { type: 'EventLoop', message: `${says[state]}: p99 ${delay} ms` },
  );
}

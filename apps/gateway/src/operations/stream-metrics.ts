import { Counter, Gauge, type Registry } from 'prom-client';
import type { StreamReport } from '../orchestration/stream-orchestrator.js';

/** Shows what the orchestrator reports, read at the moment Prometheus asks: nothing is counted twice. */
export function exposeStreams(registry: Registry, report: () => readonly StreamReport[]): void {
  const labelNames = ['exchange', 'region', 'request_type'];
  const metric =
    (kind: typeof Counter | typeof Gauge) =>
    (name: string, help: string, value: (stream: StreamReport) => number): void => {
      new kind({
        name,
        help,
        labelNames,
        registers: [registry],
        collect() {
          this.reset();
          for (const stream of report()) this.inc({ ...stream.target }, value(stream));
        },
      });
    };
  const total = metric(Counter);
  const level = metric(Gauge);

  total('gateway_ticks_received_total', 'records parsed from frames', ({ accounts }) => accounts.received);
  total('gateway_ticks_acked_total', 'records acknowledged by Kafka', ({ accounts }) => accounts.acknowledged);
  total('gateway_ticks_conflated_total', 'tickers replaced by newer ones', ({ accounts }) => accounts.conflated);
  total('gateway_ticks_dropped_total', 'records lost', ({ accounts }) => accounts.dropped);
  level('gateway_ticks_buffered', 'records on their way to Kafka', ({ accounts }) => accounts.buffered);
  total('gateway_frames_total', 'WebSocket messages received', ({ stream }) => stream?.frames ?? 0);
  total('gateway_received_bytes_total', 'bytes of WebSocket messages', ({ stream }) => stream?.bytes ?? 0);
  total('gateway_parse_failures_total', 'frames or records not understood', ({ stream }) =>
    Object.values(stream?.parseFailures ?? {}).reduce((sum, count) => sum + count, 0),
  );
  total('gateway_reconnects_total', 'sockets opened again', ({ stream }) => stream?.reconnects ?? 0);
  level('gateway_lease_epoch', 'fencing token of the lease it is open under', ({ stream }) => stream?.leaseToken ?? 0);
  level('gateway_symbols_wanted', 'symbols asked for', ({ stream }) => stream?.symbols.length ?? 0);
  level('gateway_symbols_confirmed', 'symbols proved by the exchange', ({ stream }) => stream?.confirmed ?? 0);
}

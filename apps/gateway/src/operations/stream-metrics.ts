import { Counter, Gauge, type Registry } from 'prom-client';
import type { StreamReport } from '../orchestration/target-books.js';

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
  new Counter({
    name: 'gateway_ticks_dropped_total',
    help: 'records lost',
    labelNames: [...labelNames, 'reason'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { target, droppedBy } of report()) {
        for (const [reason, records] of Object.entries(droppedBy)) this.inc({ ...target, reason }, records);
      }
    },
  });
  level('gateway_ticks_buffered', 'records on their way to Kafka', ({ accounts }) => accounts.buffered);
  level('gateway_ticks_spooled', 'records in the spool', ({ accounts }) => accounts.spooled);
  total('gateway_ticks_recovered_total', 'records found in the spool at start', ({ accounts }) => accounts.recovered);
  level('gateway_tick_age_seconds', 'since the newest record was received', ({ lastReceivedAt }) =>
    lastReceivedAt === null ? 0 : Math.max(0, (Date.now() - lastReceivedAt) / 1_000),
  );
  total(
    'gateway_upstream_gaps_total',
    'gaps and broken checksums in what the exchange sent',
    (stream) => stream.upstreamGaps,
  );
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

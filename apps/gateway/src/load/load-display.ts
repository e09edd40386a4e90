import { canRedraw, fitLine, type Output } from '../command/printing/terminal.js';
import type { LoadProgress, LoadReport, MemoryCourse } from './run-load.js';

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
const ms = (value: number | undefined): string => (value === undefined ? '-' : `${value.toFixed(1)} ms`);

const lastMib = ({ samples }: MemoryCourse): string => `${samples.at(-1)?.mib ?? '-'}`;

/** One living line on a terminal, nothing elsewhere. */
export function createLoadProgress(stream: Output): LoadProgress & { end(): void } {
  const show = (line: string): void => {
    if (canRedraw(stream)) stream.write(`\r\x1b[2K${fitLine(line, stream)}`);
  };
  return {
    say: show,
    sample: ({ second, gateway: { accounts, latency, rss_bytes } }, rate) =>
      show(
        `${count(rate)}/s  ${second} s  ${count(accounts.acknowledged)} acknowledged  ${count(accounts.buffered)} on their way  ` +
          `${accounts.dropped + accounts.conflated} lost  p99 ${ms(latency?.p99)}  ${Math.round(rss_bytes / 2 ** 20)} MiB`,
      ),
    end: () => show(''),
  };
}

/** The report for people. */
export function loadLines(report: LoadReport): string[] {
  const { sustained, accounts, read, sent, memory } = report;
  const lines = [
    `${report.markets} markets of ${report.exchanges} exchanges, ${report.kinds.join(', ')}; ${report.broker} broker`,
    ...report.windows.map(
      ({ rate, problems, latency_ms, floor_ms, cpu_us_per_tick }) =>
        `  ${count(rate).padStart(9)}/s  ${problems.length === 0 ? 'sustained' : problems.join(', ')}` +
        `  p99 ${ms(latency_ms?.p99)} (kafkajs alone ${ms(floor_ms?.p99)})  ${cpu_us_per_tick.gateway} µs`,
    ),
    sustained ? `sustained: ${count(sustained.rate)} ticks/s` : 'no rate was sustained',
  ];
  if (sustained) {
    const { latency_ms: latency, floor_ms: floor, cpu_us_per_tick: cpu, event_loop_ms: eventLoop } = sustained;
    lines.push(
      `  receipt to acknowledgement: p50 ${ms(latency?.p50)}, p99 ${ms(latency?.p99)}; kafkajs alone: p50 ${ms(floor?.p50)}, p99 ${ms(floor?.p99)}`,
      `  processor time of a tick: gateway ${cpu.gateway} µs, simulator ${cpu.simulator} µs; event loop late by ${ms(eventLoop.p99)} (p99)`,
    );
  }
  lines.push(
    `  memory: gateway ${lastMib(memory.gateway)} MiB, growing by ${memory.gateway.slope_mib_per_minute} MiB a minute; its heap after the last full collection ${lastMib(memory.gateway_live_heap)} MiB, growing by ${memory.gateway_live_heap.slope_mib_per_minute}`,
    `  ${count(accounts.received)} received = ${count(accounts.acknowledged)} acknowledged + ${count(accounts.conflated)} conflated + ${count(accounts.dropped)} dropped + ${count(accounts.buffered)} buffered`,
    `  ${count(sent.ticker + sent.trade)} tickers and trades sent, ${count(read.ticker + read.trade)} in Kafka; ${count(read.records)} records in all: ${report.exact ? 'every one accounted for' : 'NOT all accounted for'}`,
    ...report.differences.map((difference) => `    ${difference}`),
  );
  return lines;
}

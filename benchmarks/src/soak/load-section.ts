import type { LoadReport } from '../gateway/naru-load.js';
import { describeMachine } from '../harness/machine.js';
import { writeNumber } from '../harness/write-number.js';

const begin = '<!-- begin load -->';
const end = '<!-- end load -->';

/** The page with this section in place of the one before, or at its end. */
export function withLoadSection(page: string, section: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) return `${page.trimEnd()}\n\n${section}`;
  return page.slice(0, from) + section.trimEnd() + page.slice(to + end.length);
}

/** What a soak came to, for people. */
export function loadSection(report: LoadReport, command: string, date: string): string {
  const { accounts, sent, read, memory } = report;
  const window = report.windows[0]!;
  const machine = describeMachine();
  const rows: readonly (readonly [string, string])[] = [
    [
      'rate',
      `${writeNumber(window.rate)} ticks/s asked for, ${writeNumber(window.acknowledged)} records/s acknowledged over ${Math.round(window.seconds)} s`,
    ],
    [
      'over',
      `${report.markets} markets of ${report.exchanges} exchanges, ${report.kinds.join(', ')}; ${report.broker} broker`,
    ],
    [
      'identity',
      `${writeNumber(accounts.received)} received = ${writeNumber(accounts.acknowledged)} acknowledged + ${writeNumber(accounts.conflated)} conflated + ${writeNumber(accounts.dropped)} dropped + ${writeNumber(accounts.buffered)} buffered${report.identity ? '' : ': **does not hold**'}`,
    ],
    [
      'in Kafka afterwards',
      `${writeNumber(sent.ticker + sent.trade)} tickers and trades sent, ${writeNumber(read.ticker + read.trade)} read back; ${writeNumber(read.records)} records in all: ${report.exact ? 'exact, market by market' : `**${report.differences[0]}**`}`,
    ],
    [
      'receipt to acknowledgement',
      `p50 ${ms(window.latency_ms?.p50)}, p99 ${ms(window.latency_ms?.p99)}; kafkajs alone, one send at a time beside it: p50 ${ms(window.floor_ms?.p50)}, p99 ${ms(window.floor_ms?.p99)}`,
    ],
    [
      'processor time',
      `gateway ${window.cpu_us_per_tick.gateway} µs a record, simulator ${window.cpu_us_per_tick.simulator} µs a frame`,
    ],
    [
      'event loop',
      `late by ${window.event_loop_ms.p99} ms (p99 of the worst second), ${window.event_loop_ms.max} ms at most`,
    ],
    ['resident memory', `gateway ${memoryText(memory.gateway)}; simulator ${memoryText(memory.simulator)}`],
    ['of it, heap after the last full collection', `gateway ${memoryText(memory.gateway_live_heap)}`],
    [
      'verdict',
      window.problems.length === 0 && report.exact
        ? 'sustained, nothing lost'
        : `**${window.problems.join(', ') || 'not all accounted for'}**`,
    ],
  ];
  return [
    begin,
    '## Load',
    '',
    `\`${command}\`, ${date}: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.os}, Node ${process.versions.node}${report.machine.node_options ? ` with \`${report.machine.node_options}\`` : ''}.`,
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([name, text]) => `| ${name} | ${text.replaceAll('|', '\\|')} |`),
    '',
    'Exchanges, gateway and broker share the cores. Frames that the simulator makes within 5 ms leave together, socket by socket.',
    end,
    '',
  ].join('\n');
}

function memoryText({ samples, slope_mib_per_minute }: LoadReport['memory']['gateway']): string {
  if (samples.length === 0) return 'was never collected in full';
  const values = samples.map(({ mib }) => mib);
  return `${Math.min(...values)} to ${Math.max(...values)} MiB, ${slope_mib_per_minute} MiB a minute over the second half`;
}

function ms(value: number | undefined): string {
  return value === undefined ? '-' : `${value.toFixed(1)} ms`;
}

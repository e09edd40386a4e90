import { readFileSync, writeFileSync } from 'node:fs';
import { sectionsOf } from './benchmarks-page.js';
import { type Figures, readFigures } from './figures.js';
import { writeRow } from './table-row.js';

/** The table of a README's first screen: the figures of a page that say most, in a reader's words. */
export function frontTable(sections: ReadonlyMap<string, string>): string {
  const figures = readFigures(sections);
  return ['| | Naru | beside it |', '|---|---|---|', ...rows(figures).map(writeRow)].join('\n');
}

/** Writes the table of a page into a README. */
export function writeFrontTable(readmePath: string, pagePath: string): void {
  const readme = readFileSync(readmePath, 'utf8');
  writeFileSync(readmePath, withFrontTable(readme, sectionsOf(readFileSync(pagePath, 'utf8'))));
}

/** The README with that table in place of what stands between its marks. Throws where they are missing. */
export function withFrontTable(readme: string, sections: ReadonlyMap<string, string>): string {
  const marked = /(<!-- begin benchmarks -->\n)[\s\S]*?(\n<!-- end benchmarks -->)/;
  if (!marked.test(readme))
    throw new Error('The README has no marks "<!-- begin benchmarks -->" and "<!-- end … -->".');
  return readme.replace(marked, (_, begin: string, end: string) => begin + frontTable(sections) + end);
}

function rows({ ours, peer }: Figures): string[][] {
  const beside = (benchmark: string, row: string, words: Readonly<Record<string, string>>, unit: string): string =>
    Object.entries(words)
      .flatMap(([name, said]) => {
        const figure = peer(benchmark, row, name);
        return figure === undefined ? [] : [`${said} ${figure}${unit}`];
      })
      .join('; ') || '–';

  const produce = 'produce 200 B';
  const python = 'reference stack';
  const flood = 'ticks sustained beside broker and simulator on this machine';
  const tick = 'processor time per tick under flood';
  const calm = 'receipt to acknowledgement at 1000/s, p99, as it counts itself';
  const updates = '1,000 state updates at once, p99';
  const call = 'closed call, circuit in Redis';
  return [
    [
      'produce 200 B, acks all, idempotent',
      `${ours('kafka', produce)}/s at ${ours('kafka', `${produce}, CPU`)} µs of CPU`,
      beside(
        'kafka',
        produce,
        {
          'kafkajs sendBatch of 500': 'kafkajs `sendBatch`',
          'confluent-kafka (Python)': 'confluent-kafka (Python)',
          '@platformatic/kafka send of 500': '@platformatic/kafka',
          '@confluentinc/kafka-javascript': '@confluentinc/kafka-javascript',
        },
        '/s',
      ),
    ],
    [
      'consume 200 B',
      `${ours('kafka', 'consume 200 B')}/s`,
      beside('kafka', 'consume 200 B', { 'kafkajs eachMessage': 'kafkajs' }, '/s'),
    ],
    [
      'ten tickers to bytes',
      `${ours('data', 'encode 10 tickers, framed')} µs`,
      beside('data', 'encode 10 tickers, framed', { JSON: 'JSON', avsc: 'bare avsc' }, ' µs'),
    ],
    [
      'a call through a closed breaker shared by a fleet',
      `${ours('redis', call)} ns, ${ours('redis', 'Redis commands of 500,000 closed calls')} Redis commands`,
      beside('redis', call, { cockatiel: 'cockatiel, alone,', opossum: 'opossum, alone,' }, ' ns'),
    ],
    [
      '1,000 connections update their state at once, p99',
      `${ours('redis', updates)} ms`,
      beside('redis', updates, { 'redis-benchmark, 1,000 clients': 'redis-benchmark with 1,000 clients' }, ' ms'),
    ],
    [
      'the gateway, trades and tickers as fast as they come',
      `${ours('reference', flood)} ticks/s at ${ours('reference', tick)} µs of CPU`,
      besideInPython(peer('reference', flood, python), peer('reference', tick, python)),
    ],
    [
      'the gateway, 1,000 ticks/s, receipt to acknowledgement, p99',
      `${ours('reference', calm)} ms`,
      beside('reference', calm, { [python]: 'the same in Python' }, ' ms'),
    ],
    [
      'the gateway, 33 streams of 500 markets of 11 exchanges, order books included',
      `${ours('gateway', 'highest sustained rate, all kinds')} ticks/s sustained`,
      '–',
    ],
  ];
}

/** The reference stack's figures; a run without a Python that has it knows none. */
function besideInPython(ticks: string | undefined, micros: string | undefined): string {
  return ticks === undefined || micros === undefined
    ? '–'
    : `the same service in Python (websockets, orjson, fastavro, confluent-kafka) ${ticks}/s at ${micros} µs`;
}

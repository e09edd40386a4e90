import type { StreamReport, StreamTotals } from '../../../orchestration/target-books.js';
import { createRates } from '../gateway/rates.js';
import { byId, element, write } from '../parts/element.js';
import { createTable } from '../parts/table.js';
import { identityOf } from '../words/account-words.js';
import { byteWords, countWords, rateWords, timeWords } from '../words/amounts.js';
import { socketWords, stateOf } from '../words/stream-words.js';
import { targetName } from '../words/target-name.js';

export interface StreamsAnswer {
  /** Unix milliseconds by the gateway's clock. */
  readonly now: number;
  readonly totals: StreamTotals;
  readonly streams: readonly StreamReport[];
}

/** Silence that is worth a look, in milliseconds; markets differ, so it is a hint and no alarm. */
const longSilenceMs = 60_000;

/** Connections, one row each. */
export function createStreamsView(): (answer: StreamsAnswer) => void {
  const rates = createRates();
  let now = 0;
  const silence = ({ lastReceivedAt }: StreamReport): number | null =>
    lastReceivedAt === null ? null : Math.max(0, now - lastReceivedAt);
  const number = { isNumber: true } as const;
  const table = createTable<StreamReport>({
    table: byId('streams'),
    keyOf: targetName,
    columns: [
      { name: 'stream', cell: targetName },
      { name: 'state', cell: stateOf, isShort: true },
      { name: 'age', cell: ({ stream }) => timeWords(stream?.ageMs), ...number },
      {
        name: 'symbols proved',
        cell: ({ stream }) => {
          if (!stream) return '–';
          const { confirmed, symbols } = stream;
          return {
            text: `${countWords(confirmed)}/${countWords(symbols.length)}`,
            look: confirmed < symbols.length ? 'warn' : 'plain',
          };
        },
        ...number,
      },
      { name: 'records/s', cell: (report) => rateWords(rates.of(targetName(report))), ...number },
      {
        name: 'last record',
        cell: (report) => {
          const ms = silence(report);
          const isLong = report.stream !== null && ms !== null && ms > longSilenceMs;
          return { text: ms === null ? '–' : `${timeWords(ms)} ago`, look: isLong ? 'warn' : 'plain' };
        },
        ...number,
      },
      { name: 'p99', cell: ({ latency }) => timeWords(latency?.p99), ...number },
      { name: 'gaps', cell: ({ upstreamGaps }) => warned(upstreamGaps), ...number },
      { name: 'reconnects', cell: ({ stream }) => (stream ? warned(stream.reconnects) : '–'), ...number },
      { name: 'dropped', cell: ({ accounts }) => warned(accounts.dropped, 'bad'), ...number },
    ],
    more: showMore,
  });
  return (answer) => {
    now = answer.now;
    rates.read(now, new Map(answer.streams.map((report) => [targetName(report), report.accounts.received])));
    table.show(answer.streams);
  };
}

function warned(count: number, look: 'warn' | 'bad' = 'warn') {
  return { text: countWords(count), look: count > 0 ? look : ('plain' as const) };
}

function showMore({ stream, accounts, droppedBy }: StreamReport, place: HTMLElement): void {
  const lines = [identityOf(accounts).text];
  const reasons = Object.entries(droppedBy).filter(([, records]) => records > 0);
  if (reasons.length > 0)
    lines.push(`dropped: ${reasons.map(([why, records]) => `${countWords(records)} ${why}`).join(', ')}`);
  if (stream) {
    const { host, leaseToken, frames, bytes, parseFailures, symbols, connections } = stream;
    const failures = Object.entries(parseFailures).map(([kind, count]) => `${countWords(count)} ${kind}`);
    lines.push(
      `${host} · lease ${leaseToken} of this member · ${countWords(frames)} frames, ${byteWords(bytes)}${failures.length > 0 ? ` · not understood or left out: ${failures.join(', ')}` : ''}`,
      ...connections.map(socketWords),
      `symbols: ${symbols.slice(0, 100).join(', ')}${symbols.length > 100 ? ` and ${symbols.length - 100} more` : ''}`,
    );
  }
  // The same elements as long as there are as many lines, so that text can be selected.
  while (place.children.length < lines.length) place.append(element('p'));
  while (place.children.length > lines.length) place.lastElementChild?.remove();
  lines.forEach((line, index) => {
    write(place.children[index]!, line);
  });
}

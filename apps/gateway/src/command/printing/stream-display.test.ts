import { expect, onTestFinished, test, vi } from 'vitest';
import type { StreamReport } from '../../orchestration/target-books.js';
import { createStreamDisplay } from './stream-display.js';
import type { Output } from './terminal.js';

const report = (request_type: 'ticker' | 'trade' | 'orderbook'): StreamReport =>
  ({
    target: { exchange: 'upbit', region: 'korea', request_type },
    accounts: { received: 0, acknowledged: 0, conflated: 0, dropped: 0, buffered: 0 },
    latency: null,
    stream: null,
  }) as unknown as StreamReport;
const reports = [report('ticker'), report('trade'), report('orderbook')];

function outputOf(changes: Partial<Output>): { readonly output: Output; text(): string } {
  let written = '';
  return { output: { ...changes, write: (text) => (written += text) }, text: () => written };
}

test('a terminal keeps one line a stream, none wider or more than it has room for', () => {
  vi.stubEnv('TERM', 'xterm');
  onTestFinished(() => void vi.unstubAllEnvs());
  const { output, text } = outputOf({ isTTY: true, columns: 40, rows: 3 });
  const display = createStreamDisplay(output);
  display.show(reports, 1);
  display.show(reports, 2);
  const [first, second] = text().split('\u001b[2A');
  for (const drawn of [first, second]) {
    const lines = drawn!.replaceAll('\u001b[2K', '').trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe('  and 2 more streams');
    for (const line of lines) expect(line.length).toBeLessThan(40);
  }
});

test('anything else gets whole lines without control sequences', () => {
  const { output, text } = outputOf({});
  createStreamDisplay(output).show(reports, 6);
  expect(text()).not.toContain('\u001b');
  expect(text()).toContain('no tick yet\n');
});

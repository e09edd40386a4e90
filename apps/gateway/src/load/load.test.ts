import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { LoadReport } from './run-load.js';

const naru = fileURLToPath(new URL('../../bin/naru.js', import.meta.url));

/** Runs the built command; a rate that was not sustained ends it with 1, and its report says why. */
function load(args: readonly string[]): Promise<LoadReport> {
  const { PATH } = process.env;
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [naru, 'load', '--json', ...args], { env: { PATH } }, (error, stdout) => {
      try {
        resolve(JSON.parse(stdout) as LoadReport);
      } catch {
        reject(error ?? new Error(`no report: ${stdout}`));
      }
    });
  });
}

test('every tick of eleven exchanges is accounted for, and the report is whole', { timeout: 120_000 }, async () => {
  const report = await load(['--rate', '1500', '--seconds', '2', '--markets', '22', '--p99', '60000']);
  expect(report).toMatchObject({
    broker: 'embedded',
    exchanges: 11,
    markets: 22,
    streams: 33,
    identity: true,
    exact: true,
    differences: [],
    parse_failures: 0,
    reconnects: 0,
  });
  const { accounts, sent, read } = report;
  // On a machine that is too busy the gateway conflates tickers, and only those: that is accounted for as well.
  expect(accounts).toMatchObject({ dropped: 0, buffered: 0, acknowledged: accounts.received - accounts.conflated });
  expect(accounts.received).toBeGreaterThan(1_500);
  expect(read.records).toBe(accounts.acknowledged);
  expect([read.ticker + accounts.conflated, read.trade]).toEqual([sent.ticker, sent.trade]);
  const [window] = report.windows;
  expect(window).toMatchObject({
    rate: 1_500,
    dropped: 0,
    latency_ms: { p50: expect.any(Number), p99: expect.any(Number) },
    floor_ms: { p50: expect.any(Number), p99: expect.any(Number) },
    cpu_us_per_tick: { gateway: expect.any(Number), simulator: expect.any(Number) },
    event_loop_ms: { p99: expect.any(Number), max: expect.any(Number) },
  });
  expect(report.memory.gateway.samples.length).toBeGreaterThanOrEqual(2);
  expect(report.machine.node).toBe(process.versions.node);
});

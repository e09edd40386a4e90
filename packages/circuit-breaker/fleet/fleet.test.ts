import { describeReal, redisDatabase } from '@naru/test-services';
import { expect, test } from 'vitest';
import { Fleet, type FleetReport, maxProbes } from './fleet.js';

const rounds = process.env.NARU_LONG === '1' ? 200 : 1;

function summary({
  rounds: run,
  killed,
  mostProbesAtOnce,
  openSpreadMs,
  closeMs,
  rampCalls,
  fullCalls,
}: FleetReport): string {
  const at = (values: number[], share: number): string =>
    `${Math.round([...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))]!)} ms`;
  const full = fullCalls / run;
  return [
    `${run} rounds, 8 processes, ${killed} killed in the middle of a probe, at most ${mostProbesAtOnce} probes at once`,
    `everyone open after the first: median ${at(openSpreadMs, 0.5)}, 99 % ${at(openSpreadMs, 0.99)}, longest ${at(openSpreadMs, 1)}`,
    `closed after the exchange was well: median ${at(closeMs, 0.5)}, longest ${at(closeMs, 1)} (lease 1000 ms)`,
    `calls let in after closing, per twelfth of the ramp, in percent of all:`,
    rampCalls.map((calls) => `${Math.round((100 * calls) / run / full)}`).join(' '),
  ].join('\n');
}

describeReal('eight processes on one Redis', ['redis'], () => {
  test('never send too many probes, never wedge, and come back along a ramp', { timeout: 1_800_000 }, async () => {
    await using fleet = new Fleet(redisDatabase(5), `fleet-${process.pid}`);
    await fleet.start();
    const report = await fleet.run(rounds);
    console.log(summary(report));
    expect(report.mostProbesAtOnce).toBeLessThanOrEqual(maxProbes);
    expect(report.killed).toBe(2 * rounds);
    const [first, last] = [report.rampCalls.slice(0, 4), report.rampCalls.slice(-4)].map((part) =>
      part.reduce((a, b) => a + b),
    );
    expect(first).toBeLessThan(last!);
  });
});

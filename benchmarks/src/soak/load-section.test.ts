import { expect, test } from 'vitest';
import type { LoadReport } from '../gateway/naru-load.js';
import { loadSection, withLoadSection } from './load-section.js';

const memory = {
  samples: [
    { second: 1, mib: 150 },
    { second: 2, mib: 152 },
  ],
  slope_mib_per_minute: 0.1,
};
const report: LoadReport = {
  ok: true,
  broker: 'real',
  exchanges: 11,
  markets: 500,
  kinds: ['trade'],
  sustained: null,
  windows: [
    {
      rate: 20_000,
      seconds: 300,
      acknowledged: 20_100,
      buffered: 800,
      latency_ms: { p50: 18, p99: 31.25 },
      floor_ms: { p50: 1, p99: 4 },
      cpu_us_per_tick: { gateway: 14.2, simulator: 8 },
      event_loop_ms: { p99: 12, max: 40 },
      problems: [],
    },
  ],
  identity: true,
  exact: true,
  differences: [],
  accounts: { received: 6_000_000, acknowledged: 6_000_000, conflated: 0, dropped: 0, buffered: 0 },
  sent: { ticker: 0, trade: 6_000_000, orderbook: 0 },
  read: { ticker: 0, trade: 6_000_000, orderbook: 0, records: 6_000_000 },
  machine: { node_options: '--max-semi-space-size=64' },
  memory: {
    gateway: memory,
    gateway_live_heap: { samples: [{ second: 2, mib: 31 }], slope_mib_per_minute: 0 },
    simulator: memory,
  },
};

test('says what was sent, what is in Kafka and what it waited, or what went wrong', () => {
  const good = loadSection(report, 'pnpm load:soak', '2026-11-26');
  expect(good).toContain('p99 31.3 ms; kafkajs alone');
  expect(good).toContain('exact, market by market');
  expect(good).toContain('150 to 152 MiB');
  expect(good).toContain('31 to 31 MiB');
  expect(good).toContain('sustained, nothing lost');
  const bad = loadSection({ ...report, exact: false, differences: ['one is missing'] }, 'pnpm load:soak', '2026-11-26');
  expect(bad).toContain('**one is missing**');
  expect(bad).not.toContain('nothing lost');
});

test('replaces its own section and leaves the others', () => {
  const first = withLoadSection('# Reliability\n\n## Faults\n\nA table.\n', loadSection(report, 'one', '2026-11-26'));
  const second = withLoadSection(`${first}\n## After\n`, loadSection(report, 'two', '2026-11-26'));
  expect(second).toContain('## Faults\n\nA table.\n');
  expect(second).toContain('## After');
  expect(second).toContain('`two`');
  expect(second).not.toContain('`one`');
  expect(second.match(/## Load/g)).toHaveLength(1);
});

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../harness/repository-root.js';

/** One rate, as `naru load` measured it. Times in the units of their names. */
export interface LoadWindow {
  readonly rate: number;
  readonly seconds: number;
  readonly acknowledged: number;
  readonly buffered: number;
  readonly latency_ms: { readonly p50: number; readonly p99: number } | null;
  readonly floor_ms: { readonly p50: number; readonly p99: number } | null;
  readonly cpu_us_per_tick: { readonly gateway: number; readonly simulator: number };
  readonly event_loop_ms: { readonly p99: number; readonly max: number };
  readonly problems: readonly string[];
}

interface MemoryFigures {
  readonly samples: readonly { readonly second: number; readonly mib: number }[];
  readonly slope_mib_per_minute: number;
}

/** What `naru load --json` answers, as far as it is used here. */
export interface LoadReport {
  readonly ok: boolean;
  readonly broker: 'real' | 'embedded';
  readonly exchanges: number;
  readonly markets: number;
  readonly kinds: readonly string[];
  readonly sustained: LoadWindow | null;
  readonly windows: readonly LoadWindow[];
  readonly identity: boolean;
  readonly exact: boolean;
  readonly differences: readonly string[];
  readonly accounts: {
    readonly received: number;
    readonly acknowledged: number;
    readonly conflated: number;
    readonly dropped: number;
    readonly buffered: number;
  };
  readonly sent: Readonly<Record<'ticker' | 'trade' | 'orderbook', number>>;
  readonly read: Readonly<Record<'ticker' | 'trade' | 'orderbook' | 'records', number>>;
  readonly machine: { readonly node_options: string };
  readonly memory: Readonly<Record<'gateway' | 'gateway_live_heap' | 'simulator', MemoryFigures>>;
}

/**
 * Runs `naru load` as anybody would, on KAFKA_BROKERS, else on what `pnpm infra up` started, else on the embedded broker.
 * Its progress is this process's.
 *
 * @param settings of the gateway, as environment variables
 */
export function runNaruLoad(
  args: readonly string[],
  limitMs: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<LoadReport> {
  const naru = join(repositoryRoot(), 'apps', 'gateway', 'bin', 'naru.js');
  const child = spawn(process.execPath, [naru, 'load', ...args, '--json'], {
    env: { ...process.env, ...serversStartedByInfra(), ...nodeOptions(), ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const timer = setTimeout(() => child.kill('SIGTERM'), limitMs);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // A rate that was not sustained ends it with 1: its report says so.
    child.once('close', (code) => {
      clearTimeout(timer);
      try {
        resolve(JSON.parse(output) as LoadReport);
      } catch (cause) {
        reject(new Error(`naru load ended with ${code} and without a report.`, { cause }));
      }
    });
  });
}

/** As the gateway's README advises for one that carries much; your own win. */
function nodeOptions(): Record<string, string> {
  return process.env.NODE_OPTIONS ? {} : { NODE_OPTIONS: '--max-semi-space-size=64' };
}

function serversStartedByInfra(): Record<string, string> {
  if (process.env.KAFKA_BROKERS) return {};
  try {
    const { kafka, registry } = JSON.parse(
      readFileSync(join(repositoryRoot(), '.infra', 'state.json'), 'utf8'),
    ) as Readonly<Record<string, string | undefined>>;
    return kafka && registry ? { KAFKA_BROKERS: kafka, SCHEMA_REGISTRY_URL: registry } : {};
  } catch {
    return {};
  }
}

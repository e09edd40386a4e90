import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { repositoryRoot } from '../harness/repository-root.js';

export interface BenchmarkBrokers {
  /** What they are, for the report. */
  readonly description: string;
  readonly addresses: readonly string[];
  close(): Promise<void>;
}

/** KAFKA_BROKERS, else what `pnpm infra up` started, else the embedded broker in a process of its own. */
export async function findBrokers(): Promise<BenchmarkBrokers> {
  const configured = process.env.KAFKA_BROKERS ?? startedByInfra();
  if (configured) {
    return { description: `real broker at ${configured}`, addresses: configured.split(','), close: async () => {} };
  }
  return startEmbedded();
}

/** The broker that `pnpm infra up` started, if it did. */
export function startedByInfra(): string | undefined {
  try {
    const state = JSON.parse(readFileSync(join(repositoryRoot(), '.infra', 'state.json'), 'utf8')) as {
      readonly kafka?: string;
    };
    return state.kafka;
  } catch {
    return undefined;
  }
}

const ADDRESS = /\b((?:127\.0\.0\.1|localhost):\d+(?:,(?:127\.0\.0\.1|localhost):\d+)*)/;

/** The broker's command prints its address when it is ready. */
export async function startEmbedded(): Promise<BenchmarkBrokers> {
  const manifest = createRequire(import.meta.url).resolve('@naru/embedded-kafka/package.json');
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly bin: Readonly<Record<string, string>> };
  const script = join(dirname(manifest), Object.values(bin)[0]!);
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const addresses = await new Promise<readonly string[]>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The embedded broker ended with code ${code} before it was ready.`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = ADDRESS.exec(line)?.[1];
      if (found) resolve(found.split(','));
    });
  });
  return { description: 'embedded broker in its own process', addresses, close: () => end(child) };
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

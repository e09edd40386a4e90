import { execFile } from 'node:child_process';
import { programs } from './repository.js';

/** Environment variables that lead the gateway to real servers; empty ones leave it embedded. */
export type Addresses = Readonly<Record<string, string>>;

const names = ['KAFKA_BROKERS', 'SCHEMA_REGISTRY_URL', 'REDIS_URL'] as const;

export interface Infrastructure {
  readonly mode: 'embedded' | 'real';
  readonly addresses: Addresses;
  /** Stops what was started here and nothing else. */
  release(): Promise<void>;
}

/** Configured addresses win; else `real` brings servers up; else everything is embedded. */
export async function findInfrastructure(
  environment: Readonly<Record<string, string | undefined>>,
  real: boolean,
  onProgress: (line: string) => void,
): Promise<Infrastructure> {
  const nothing = async (): Promise<void> => {};
  const configured = Object.fromEntries(
    names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
  );
  if (configured.KAFKA_BROKERS) return { mode: 'real', addresses: configured, release: nothing };
  if (!real) return { mode: 'embedded', addresses: configured, release: nothing };

  const before = await infra(['status', '--json'], () => {}).then(
    () => true,
    () => false,
  );
  const state = JSON.parse(await infra(['up', '--json'], onProgress)) as Record<'kafka' | 'redis' | 'registry', string>;
  return {
    mode: 'real',
    addresses: {
      KAFKA_BROKERS: state.kafka,
      SCHEMA_REGISTRY_URL: state.registry,
      REDIS_URL: state.redis,
      ...configured,
    },
    release: before ? nothing : async () => void (await infra(['down'], onProgress)),
  };
}

/** Runs the infra tool; resolves with its stdout. */
function infra(args: readonly string[], onProgress: (line: string) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [programs.infra, ...args], (error, stdout, stderr) => {
      if (error) reject(new Error(`pnpm infra ${args.join(' ')} failed:\n${stderr}`));
      else resolve(stdout);
    });
    child.stderr?.on('data', (chunk: string) => {
      for (const line of chunk.split('\n')) if (line.trim()) onProgress(line);
    });
  });
}

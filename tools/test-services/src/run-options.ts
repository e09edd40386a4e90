import { kafkaAnswers, readState, redisAnswers, registryAnswers } from '@naru/infra';

export interface RunOptions {
  /** Run against real servers and require them. */
  readonly real: boolean;
  /** Run the long proofs (`*.long.test.ts`), which other runs leave out. */
  readonly long: boolean;
  /** Passed on to Vitest. */
  readonly vitest: readonly string[];
}

/** Our own flags stand anywhere; the rest is Vitest's. A lone `--`, which package managers pass on, is dropped. */
export function parseRunOptions(args: readonly string[]): RunOptions {
  return {
    real: args.includes('--real'),
    long: args.includes('--long'),
    vitest: args.filter((arg) => arg !== '--real' && arg !== '--long' && arg !== '--'),
  };
}

/** Environment variables under which tests look for real servers. */
export interface RealAddresses {
  readonly KAFKA_BROKERS: string;
  readonly REDIS_URL: string;
  readonly SCHEMA_REGISTRY_URL: string;
  /** Class path of Kafka's own tools, which containers do not give. */
  readonly KAFKA_CLASS_PATH?: string;
}

/** The addresses of real servers: those in the environment, then those that `pnpm infra up` wrote down at `statePath`. */
export async function realAddresses(environment: NodeJS.ProcessEnv, statePath: string): Promise<RealAddresses> {
  const state = await readState(statePath);
  const addresses = {
    KAFKA_BROKERS: environment.KAFKA_BROKERS || state?.kafka,
    REDIS_URL: environment.REDIS_URL || state?.redis,
    SCHEMA_REGISTRY_URL: environment.SCHEMA_REGISTRY_URL || state?.registry,
  };
  const missing = Object.entries(addresses).flatMap(([name, address]) => (address ? [] : [name]));
  if (missing.length > 0) {
    throw new Error(`The real servers are not up (${missing.join(', ')} unknown). Start them with "pnpm infra up".`);
  }
  const classPath = environment.KAFKA_CLASS_PATH || state?.kafkaClassPath;
  return { ...(addresses as RealAddresses), ...(classPath ? { KAFKA_CLASS_PATH: classPath } : {}) };
}

/** Rejects with the addresses that do not answer, so that one line says it rather than every test. */
export async function requireAnswers(addresses: RealAddresses): Promise<void> {
  const questions: [string, Promise<boolean>][] = [
    [`Kafka at ${addresses.KAFKA_BROKERS}`, kafkaAnswers(addresses.KAFKA_BROKERS, 1)],
    [`Redis at ${addresses.REDIS_URL}`, redisAnswers(addresses.REDIS_URL)],
    [`the registry at ${addresses.SCHEMA_REGISTRY_URL}`, registryAnswers(addresses.SCHEMA_REGISTRY_URL)],
  ];
  const silent: string[] = [];
  for (const [name, answers] of questions) if (!(await answers)) silent.push(name);
  if (silent.length > 0) {
    throw new Error(`No answer from ${silent.join(', ')}. See "pnpm infra status"; "pnpm infra up" starts it again.`);
  }
}

import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InfraError } from '../infra-error.js';

/** One server process that `up` started. */
export interface ServerProcess {
  /** `kafka-1`, `kafka-2`, `kafka-3`, `redis` or `registry`. */
  readonly name: string;
  readonly pid: number;
  /** Distinguishes this process from a later one that was given the same pid. */
  readonly startedAt: string;
  readonly port: number;
  /** Absolute path of what the server wrote. */
  readonly log: string;
}

/** What runs and where, as `state.json` holds it. */
export interface InfraState {
  readonly mode: 'docker' | 'local';
  readonly brokers: 1 | 3;
  /** Bootstrap addresses, comma-separated. */
  readonly kafka: string;
  readonly redis: string;
  /** Base address of the Confluent-compatible API. */
  readonly registry: string;
  /** Empty under Docker, where containers take their place. */
  readonly processes: readonly ServerProcess[];
  /** Class path of Kafka's own console tools, absent under Docker. */
  readonly kafkaClassPath?: string;
  /** Name of the compose project, absent without Docker. */
  readonly composeProject?: string;
}

/** The state written at `path`, or undefined where there is none. */
export async function readState(path: string): Promise<InfraState | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return parseState(text, path);
}

export function parseState(text: string, path: string): InfraState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(path, 'it is not JSON', error);
  }
  if (typeof value !== 'object' || value === null) throw invalid(path, 'it is not an object');
  const state = value as Partial<InfraState>;
  for (const field of ['mode', 'kafka', 'redis', 'registry'] as const) {
    if (typeof state[field] !== 'string') throw invalid(path, `"${field}" is not a string`);
  }
  if (state.brokers !== 1 && state.brokers !== 3) throw invalid(path, '"brokers" is neither 1 nor 3');
  if (!Array.isArray(state.processes) || !state.processes.every(isServerProcess)) {
    throw invalid(path, '"processes" is not a list of { name, pid, startedAt, port, log }');
  }
  return state as InfraState;
}

/** Replaces the file in one step, so that a reader never sees half of it. */
export async function writeState(path: string, state: InfraState): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, `${JSON.stringify(state, undefined, 2)}\n`);
  await rename(temporary, path);
}

export async function removeState(path: string): Promise<void> {
  await rm(path, { force: true });
}

function isServerProcess(value: unknown): value is ServerProcess {
  const entry = value as Partial<ServerProcess> | null;
  return (
    typeof entry === 'object' &&
    entry !== null &&
    typeof entry.name === 'string' &&
    Number.isSafeInteger(entry.pid) &&
    // 0 and negative numbers address process groups: a signal sent there would reach strangers.
    (entry.pid ?? 0) > 1 &&
    typeof entry.startedAt === 'string' &&
    typeof entry.port === 'number' &&
    typeof entry.log === 'string'
  );
}

function invalid(path: string, reason: string, cause?: unknown): InfraError {
  return new InfraError(
    'invalid_state',
    `${path} cannot be used: ${reason}. Stop the servers it once described by hand, then delete the file.`,
    cause,
  );
}

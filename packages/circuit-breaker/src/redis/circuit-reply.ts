import type { StoreAnswer } from '../stores/breaker-store.js';
import {
  type CircuitSnapshot,
  type CircuitState,
  type OperatorMode,
  operatorModes,
} from '../stores/circuit-snapshot.js';

const states: readonly string[] = ['closed', 'open', 'half-open'] satisfies CircuitState[];

/** Reads the twelve texts that every script answers; undefined when they are something else. */
export function readReply(reply: unknown): StoreAnswer | undefined {
  if (!Array.isArray(reply) || reply.length !== 12 || !reply.every((part) => typeof part === 'string'))
    return undefined;
  const [applied, state, epoch, revision, attempt, retryAfterMs, ageMs, succeeded, probing, mode, reason, author] =
    reply as [string, string, string, string, string, string, string, string, string, string, string, string];
  if (!states.includes(state) || !(operatorModes as readonly string[]).includes(mode)) return undefined;
  const snapshot: CircuitSnapshot = {
    state: state as CircuitState,
    epoch: Number(epoch),
    revision: Number(revision),
    attempt: Number(attempt),
    retryAfterMs: Number(retryAfterMs),
    ageMs: ageMs === '' ? undefined : Number(ageMs),
    succeeded: Number(succeeded),
    probing: Number(probing),
    mode: mode as OperatorMode,
    reason: reason === '' ? undefined : reason,
    author: author === '' ? undefined : author,
  };
  const numbers = [snapshot.epoch, snapshot.revision, snapshot.attempt, snapshot.retryAfterMs, snapshot.ageMs ?? 0];
  if (!numbers.every((number) => Number.isFinite(number))) return undefined;
  return { applied: applied === '1', snapshot };
}

/** Reads a message of the channel of changes; undefined when somebody else wrote it. */
export function readMessage(message: string): CircuitSnapshot | undefined {
  try {
    return readReply(JSON.parse(message))?.snapshot;
  } catch {
    return undefined;
  }
}

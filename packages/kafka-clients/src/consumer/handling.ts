import type { Clock } from '@naru/core';
import { backoff } from '../backoff.js';
import type { DeadLetter } from './dead-letter.js';
import type { ReceivedMessage } from './received-message.js';

export interface HandlerContext {
  /** Aborted when the message should be let go: the partition is taken away, or its time is up. */
  readonly signal: AbortSignal;
  /** 1 for the first try. */
  readonly attempt: number;
}

/** Handles one message. When the promise resolves the message is done; when it rejects it is tried again. */
export type MessageHandler = (message: ReceivedMessage, context: HandlerContext) => Promise<void> | void;

export interface RetryOptions {
  /** How often a failed message is tried again before it becomes a dead letter. Default 3. */
  readonly retries?: number | undefined;
  /** Wait before the first retry, milliseconds; doubles up to ten seconds. Default 500. */
  readonly backoffMs?: number | undefined;
}

export type HandlingOutcome = 'handled' | 'dead_lettered' | 'abandoned';

export interface HandlingOptions {
  readonly handler: MessageHandler;
  readonly retries: number;
  readonly backoffMs: number;
  readonly deadLetter: DeadLetter | undefined;
  readonly clock: Clock;
  onFailure(message: ReceivedMessage, error: unknown, attempt: number): void;
  onDeadLetterFailure(message: ReceivedMessage, error: unknown, attempt: number): void;
}

/**
 * Thrown by a handler that lets a message go undecided: no failure, no retry, no dead letter, and no commit of it or
 * past it. Whoever gets the partition next has it again, so it is for those who are about to leave.
 */
export class Abandoned extends Error {
  override name = 'Abandoned';
}

/** An error that says itself that trying again is useless, as every error of these packages does. */
const isFinal = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === false;

/**
 * Carries a message whose first try has failed to its end: handled after all, or written to the dead letters. Without
 * a dead letter it is tried for ever, because nothing may be lost. Only an abort ends it otherwise.
 */
export async function retry(
  message: ReceivedMessage,
  firstError: unknown,
  options: HandlingOptions,
  signal: AbortSignal,
): Promise<HandlingOutcome> {
  const { handler, retries, backoffMs, deadLetter, clock } = options;
  let error = firstError;
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    if (error instanceof Abandoned) break;
    options.onFailure(message, error, attempt);
    if (deadLetter && (attempt > retries || isFinal(error))) {
      const written = await publishDeadLetter(message, error, attempt, deadLetter, options, signal);
      return written ? 'dead_lettered' : 'abandoned';
    }
    await backoff(clock, attempt, backoffMs, signal);
    if (signal.aborted) break;
    try {
      await handler(message, { signal, attempt: attempt + 1 });
      return 'handled';
    } catch (thrown) {
      error = thrown;
    }
  }
  return 'abandoned';
}

/** True when the dead letter is acknowledged: only then may the offset be committed. */
async function publishDeadLetter(
  message: ReceivedMessage,
  error: unknown,
  attempts: number,
  deadLetter: DeadLetter,
  options: HandlingOptions,
  signal: AbortSignal,
): Promise<boolean> {
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      await deadLetter.publish(message, { error, attempts });
      return true;
    } catch (thrown) {
      options.onDeadLetterFailure(message, thrown, attempt);
      await backoff(options.clock, attempt, options.backoffMs, signal);
    }
  }
  return false;
}

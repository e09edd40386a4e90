import { randomUUID } from 'node:crypto';
import { type Clock, type Logger, silentLogger, systemClock } from '@naru/core';
import { checkWhole, invalidArgument, RedisCacheError } from '../redis-cache-error.js';
import type { MessageBus } from './message-bus.js';
import { type Ask, maxMessageLength, memberName, type Reply, readMessage } from './request-messages.js';

export interface MemberRequestsOptions {
  /** A manager, or `createMemoryMessageBus()`. */
  readonly bus: MessageBus;
  /** The name under which this process is asked: 1 to 128 printable ASCII characters, used by no other process. */
  readonly member: string;
  /** Answers a question of another member with plain data. What it throws is told to the asking member. */
  readonly answer: (question: unknown, from: string) => Promise<unknown>;
  /** Begins the channels. Default `ws:member`. */
  readonly namespace?: string;
  /** How long `ask` waits for an answer, ms. Default 5,000. */
  readonly timeoutMs?: number;
  /** Questions that may be open at once, in each direction; more are refused. Default 1,000. */
  readonly maxOpen?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

interface Waiting {
  settle(reply: Reply | RedisCacheError): void;
}

/**
 * Questions from one process of a fleet to another by name, each with one answer or an error in bounded time. A lost
 * answer looks like a lost question, so what is asked must bear being asked twice.
 */
export class MemberRequests implements AsyncDisposable {
  readonly #options: Required<MemberRequestsOptions>;
  readonly #waiting = new Map<string, Waiting>();
  #answering = 0;
  #unsubscribe: (() => Promise<void>) | undefined;
  #closed = false;

  constructor(options: MemberRequestsOptions) {
    if (!memberName.test(options.member)) {
      throw invalidArgument('member', options.member, '1 to 128 printable ASCII characters without spaces');
    }
    this.#options = {
      ...options,
      namespace: options.namespace ?? 'ws:member',
      timeoutMs: checkWhole('timeoutMs', options.timeoutMs ?? 5_000, 1, 86_400_000),
      maxOpen: checkWhole('maxOpen', options.maxOpen ?? 1_000, 1, 1_000_000),
      clock: options.clock ?? systemClock,
      logger: options.logger ?? silentLogger,
    };
  }

  /** Begins to hear questions and answers. */
  async start(): Promise<void> {
    const { bus, member } = this.#options;
    const unsubscribe = await bus.subscribe(this.#channel(member), (text) => this.#hear(text));
    if (this.#closed) await unsubscribe();
    else this.#unsubscribe = unsubscribe;
  }

  /**
   * Asks a member. Rejects with `unavailable` when nobody of that name listens, too much is asked at once or Redis is
   * away, `timeout` when no answer came (the question may have been carried out), `request_failed` when the member
   * could not answer, `not_ready` after `close()`.
   */
  async ask(member: string, question: unknown, options: { readonly timeoutMs?: number } = {}): Promise<unknown> {
    if (this.#closed || !this.#unsubscribe) throw notReady();
    const { bus, maxOpen, clock, member: from } = this.#options;
    const timeoutMs = checkWhole('timeoutMs', options.timeoutMs ?? this.#options.timeoutMs, 1, 86_400_000);
    if (this.#waiting.size >= maxOpen) {
      throw unavailable(`${maxOpen} questions wait for answers already. Ask again later.`);
    }
    const id = randomUUID();
    const text = JSON.stringify({ kind: 'ask', id, from, body: question } satisfies Ask);
    if (text.length > maxMessageLength) {
      throw invalidArgument('question', `${text.length} characters`, `at most ${maxMessageLength} characters as JSON`);
    }
    const reply = new Promise<Reply | RedisCacheError>((resolve) => {
      const cancel = clock.schedule(timeoutMs, () => this.#settle(id, timedOut(member, timeoutMs)));
      this.#waiting.set(id, {
        settle(answer) {
          cancel();
          resolve(answer);
        },
      });
    });
    try {
      const heardBy = await bus.publish(this.#channel(member), text);
      if (heardBy === 0 && !bus.cluster) this.#settle(id, unavailable(`Nobody named ${member} listens. It has ended.`));
    } catch (error) {
      this.#settle(id, notReady());
      throw error;
    }
    const answer = await reply;
    if (answer instanceof RedisCacheError) throw answer;
    if (answer.outcome === 'answered') return answer.body;
    if (answer.outcome === 'busy') throw unavailable(`${member} is asked too much at once. Ask again later.`);
    throw new RedisCacheError(`${member} could not answer: ${answer.message}`, {
      code: 'request_failed',
      retryable: true,
    });
  }

  /** Hears and answers nothing more; what waits for an answer is rejected. A second call does nothing. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const id of [...this.#waiting.keys()]) this.#settle(id, notReady());
    await this.#unsubscribe?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #channel(member: string): string {
    return `${this.#options.namespace}:${member}`;
  }

  #settle(id: string, answer: Reply | RedisCacheError): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.settle(answer);
  }

  #hear(text: string): void {
    if (this.#closed) return;
    const message = readMessage(text);
    if (!message) this.#options.logger.debug('message of another kind ignored', { length: text.length });
    else if (message.kind === 'reply') this.#settle(message.id, message);
    else void this.#answer(message);
  }

  async #answer({ id, from, body }: Ask): Promise<void> {
    const { bus, answer, maxOpen, logger } = this.#options;
    let reply: Reply;
    if (this.#answering >= maxOpen) {
      reply = { kind: 'reply', id, outcome: 'busy' };
    } else {
      this.#answering += 1;
      try {
        reply = { kind: 'reply', id, outcome: 'answered', body: (await answer(body, from)) ?? null };
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        reply = { kind: 'reply', id, outcome: 'failed', message: message.slice(0, 2_000) };
      } finally {
        this.#answering -= 1;
      }
    }
    try {
      await bus.publish(this.#channel(from), JSON.stringify(reply));
    } catch (error) {
      // Whoever asked finds out by the time that passes.
      logger.warn('an answer could not be sent', { to: from, error });
    }
  }
}

/** A member as {@link MemberRequests} describes it, which hears nothing until `start()`. */
export function createMemberRequests(options: MemberRequestsOptions): MemberRequests {
  return new MemberRequests(options);
}

const unavailable = (message: string): RedisCacheError =>
  new RedisCacheError(message, { code: 'unavailable', retryable: true });

const timedOut = (member: string, timeoutMs: number): RedisCacheError =>
  new RedisCacheError(`${member} did not answer within ${timeoutMs} ms. Ask again; it may have been carried out.`, {
    code: 'timeout',
    retryable: true,
  });

const notReady = (): RedisCacheError =>
  new RedisCacheError('Requests are not started or closed. Await start(), and ask nothing after close().', {
    code: 'not_ready',
  });

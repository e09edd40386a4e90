import { silentLogger, silentMetrics, systemClock } from '@naru/core';
import { diagnostics } from '../diagnostics.js';
import { KafkaClientError } from '../kafka-client-error.js';
import { duration, nonEmpty, nonEmptyList, wholeNumber } from '../option-checks.js';
import type { HandlingOptions, HandlingOutcome, MessageHandler } from './handling.js';
import type { ConsumerEvent, ConsumerState, KafkaConsumer, KafkaConsumerOptions } from './kafka-consumer.js';
import { KillSwitch } from './kill-switch.js';
import { Membership } from './membership.js';
import { createMessageStream } from './message-stream.js';
import type { ReceivedMessage } from './received-message.js';

/** 2^n seconds with jitter, thirty at most. */
const restartDelayMs = (attempt: number): number =>
  Math.min(30_000, 1_000 * 2 ** Math.min(attempt, 6)) * (0.75 + Math.random() / 4);

/** Builds a consumer. No I/O happens before `start`. @throws {KafkaClientError} `invalid_option`. */
export function createKafkaConsumer(options: KafkaConsumerOptions): KafkaConsumer {
  const groupId = nonEmpty('groupId', options.groupId);
  const topics = nonEmptyList('topics', options.topics);
  const clock = options.clock ?? systemClock;
  const logger = options.logger ?? silentLogger;
  const metrics = options.metrics ?? silentMetrics;
  const sessionTimeoutMs = wholeNumber('sessionTimeoutMs', options.sessionTimeoutMs ?? 30_000, 1);
  const heartbeatIntervalMs = wholeNumber('heartbeatIntervalMs', options.heartbeatIntervalMs ?? 10_000, 1);
  const rebalanceTimeoutMs = wholeNumber('rebalanceTimeoutMs', options.rebalanceTimeoutMs ?? 60_000, 1);
  const drainTimeoutMs = duration('drainTimeoutMs', options.drainTimeoutMs ?? Math.min(30_000, rebalanceTimeoutMs / 2));
  if (heartbeatIntervalMs >= sessionTimeoutMs) {
    throw new KafkaClientError(
      `heartbeatIntervalMs is ${heartbeatIntervalMs}; it must be below sessionTimeoutMs ${sessionTimeoutMs}, a third of it is usual.`,
      { code: 'invalid_option' },
    );
  }
  const limits = {
    concurrency: wholeNumber('concurrency', options.concurrency ?? 1, 1),
    maxQueuedPerPartition: wholeNumber('maxQueuedPerPartition', options.maxQueuedPerPartition ?? 1_000, 1),
    commitIntervalMs: duration('commitIntervalMs', options.commitIntervalMs ?? 1_000),
    maxProcessingMs: duration('maxProcessingMs', options.maxProcessingMs ?? 300_000),
    stallTimeoutMs: duration('stallTimeoutMs', options.stallTimeoutMs ?? 60_000),
    drainTimeoutMs,
  };
  const transportOptions = {
    groupId,
    topics,
    fromBeginning: options.fromBeginning ?? false,
    firstOffsets: options.firstOffsets,
    sessionTimeoutMs,
    rebalanceTimeoutMs,
    heartbeatIntervalMs,
    maxWaitMs: wholeNumber('maxWaitMs', options.maxWaitMs ?? 500, 1),
    maxBytesPerPartition: wholeNumber('maxBytesPerPartition', options.maxBytesPerPartition ?? 1024 * 1024, 1),
    maxUnpackedBytes: wholeNumber('maxUnpackedBytes', options.maxUnpackedBytes ?? 64 * 1024 * 1024, 1),
  };
  const killSwitch = options.killSwitch && new KillSwitch(options.killSwitch, clock);
  const stream = options.handler ? undefined : createMessageStream();
  const handler = refusingUnreadable(options.handler ?? stream!.handler);

  let state: ConsumerState = { status: 'new' };
  let membership: Membership | undefined;
  let cancelRestart: (() => void) | undefined;
  /** Leaves the group because too much failed. */
  let halting: Promise<void> | undefined;
  let closed: Promise<void> | undefined;

  const emit = (event: ConsumerEvent): void => {
    if (diagnostics.consumer.hasSubscribers) diagnostics.consumer.publish(event);
    try {
      options.onEvent?.(event);
    } catch (thrown) {
      logger.error('A listener to events threw; the consumer goes on.', { group: groupId, error: thrown });
    }
  };
  const become = (next: ConsumerState): void => {
    state = next;
    metrics.gauge('naru_kafka_consumer_consuming', next.status === 'consuming' ? 1 : 0, { group: groupId });
    emit({ type: 'state_changed', state: next });
  };
  const closing = (): boolean => state.status === 'closing' || state.status === 'closed';

  const handling: HandlingOptions = {
    handler,
    retries: wholeNumber('retries', options.retries ?? 3),
    backoffMs: duration('backoffMs', options.backoffMs ?? 500),
    deadLetter: options.deadLetter,
    clock,
    onFailure(message, error, attempt) {
      metrics.count('naru_kafka_consumer_handler_failures_total', 1, { group: groupId });
      logger.warn('Handling a message failed.', { ...positionOf(message), group: groupId, attempt, error });
      emit({ type: 'message_failed', message, error, attempt });
    },
    onDeadLetterFailure(message, error, attempt) {
      metrics.count('naru_kafka_consumer_dead_letter_failures_total', 1, { group: groupId });
      logger.error('A dead letter could not be written; its message stays.', {
        ...positionOf(message),
        attempt,
        error,
      });
      emit({ type: 'dead_letter_failed', message, error, attempt });
    },
  };

  const onDone = (message: ReceivedMessage, outcome: HandlingOutcome): void => {
    if (diagnostics.handled.hasSubscribers) diagnostics.handled.publish({ groupId, message, outcome });
    metrics.count('naru_kafka_consumer_messages_total', 1, { group: groupId, outcome });
    if (outcome === 'dead_lettered') emit({ type: 'message_dead_lettered', message });
    if (killSwitch?.count(outcome === 'dead_lettered') && state.status !== 'halted') halt();
  };

  const halt = (): void => {
    const error = new KafkaClientError(
      `Too many messages of the group ${groupId} fail; consuming has stopped. Mend the cause, then start the consumer anew.`,
      { code: 'kill_switch' },
    );
    logger.error(error.message, { group: groupId });
    const leaving = membership;
    membership = undefined;
    become({ status: 'halted', error });
    halting = leaving
      ?.close()
      .catch((thrown) => logger.warn('Leaving the group failed.', { group: groupId, error: thrown }));
  };

  const join = async (): Promise<void> => {
    become({ status: 'joining' });
    const joining: Membership = new Membership({
      ...limits,
      transport: options.transport.createConsumer(transportOptions),
      handling,
      clock,
      onAssigned: (partitions) => {
        if (closing() || state.status === 'halted') return;
        attempts = 0;
        become({ status: 'consuming', partitions });
      },
      onRevoking: () => {
        stream?.release();
        if (!closing() && state.status !== 'halted') become({ status: 'revoking' });
      },
      onDone,
      onCommitError: (error) => {
        logger.warn('Committing offsets failed; their messages may be handled again.', { group: groupId, error });
        emit({ type: 'commit_failed', error });
      },
      onEnded: (error) => {
        if (membership === joining) restart(error);
      },
    });
    membership = joining;
    await joining.start();
  };

  let attempts = 0;
  const restart = (error: KafkaClientError): void => {
    membership = undefined;
    if (closing() || state.status === 'halted') return;
    attempts += 1;
    const delayMs = restartDelayMs(attempts - 1);
    metrics.count('naru_kafka_consumer_restarts_total', 1, { group: groupId, code: error.code });
    logger.warn('The consumer stopped and starts again.', { group: groupId, attempt: attempts, delayMs, error });
    become({ status: 'restarting', attempt: attempts, error });
    cancelRestart = clock.schedule(delayMs, () => {
      if (closing()) return;
      join().catch((thrown) => restart(thrown as KafkaClientError));
    });
  };

  const close = async (): Promise<void> => {
    cancelRestart?.();
    become({ status: 'closing' });
    stream?.end();
    try {
      await (membership?.close() ?? halting);
    } finally {
      become({ status: 'closed' });
    }
  };

  const consumer: KafkaConsumer = {
    get state() {
      return state;
    },
    async start() {
      if (state.status !== 'new') {
        throw new KafkaClientError(`The consumer is ${state.status}; it can be started once.`, { code: 'closed' });
      }
      try {
        await join();
      } catch (error) {
        membership = undefined;
        if (!closing()) become({ status: 'new' });
        throw error;
      }
    },
    messages() {
      if (!stream)
        throw new KafkaClientError('The consumer has a handler. Leave it out to iterate.', { code: 'invalid_option' });
      if (state.status === 'new') {
        throw new KafkaClientError('The consumer is not started, so no message would ever come. Await start() first.', {
          code: 'not_started',
        });
      }
      return stream.messages;
    },
    async commit() {
      await membership?.commit();
    },
    close() {
      closed ??= close();
      return closed;
    },
    [Symbol.asyncDispose]: () => consumer.close(),
  };
  return consumer;
}

/** What could not be read fails like what could not be handled. */
const refusingUnreadable =
  (handler: MessageHandler): MessageHandler =>
  (message, context) => {
    if (message.unreadable) throw message.unreadable;
    return handler(message, context);
  };

const positionOf = ({
  topic,
  partition,
  offset,
}: ReceivedMessage): { topic: string; partition: number; offset: string } => ({
  topic,
  partition,
  offset,
});

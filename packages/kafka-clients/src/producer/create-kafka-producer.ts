import { silentLogger, silentMetrics, systemClock } from '@naru/core';
import { backoff } from '../backoff.js';
import { KafkaClientError, toKafkaClientError } from '../kafka-client-error.js';
import { duration, nonEmpty, oneOf, wholeNumber } from '../option-checks.js';
import { createPartitioner } from '../partitioner/partitioner.js';
import { FlushRounds } from './flush-rounds.js';
import type { KafkaProducer, KafkaProducerOptions } from './kafka-producer.js';
import {
  type DeliveryReport,
  estimateBytes,
  type OnDelivery,
  type ProducerMessage,
  type QueuedMessage,
} from './message.js';
import { PartitionSender } from './partition-sender.js';
import type { ProducerEvent, QueueStatus } from './producer-events.js';
import { ProducerIdentities } from './producer-identities.js';
import { QueueBounds } from './queue-bounds.js';
import { WaitingLine } from './waiting-line.js';

interface TopicState {
  readonly senders: (PartitionSender | undefined)[];
  /** Messages accepted before the number of partitions was known, with the partition they ask for. */
  readonly unplaced: { readonly message: QueuedMessage; readonly partition: number | undefined }[];
  looking: boolean;
}

/** Builds a producer. No I/O happens before `connect`. @throws {KafkaClientError} `invalid_option`. */
export function createKafkaProducer(options: KafkaProducerOptions): KafkaProducer {
  const name = nonEmpty('name', options.name ?? 'producer');
  const lingerMs = duration('lingerMs', options.lingerMs ?? 50);
  const batchBytes = wholeNumber('batchBytes', options.batchBytes ?? 128 * 1024, 1);
  const batchCount = wholeNumber('batchCount', options.batchCount ?? 10_000, 1);
  const maxMessageBytes = wholeNumber('maxMessageBytes', options.maxMessageBytes ?? 1_000_000, 1);
  const overflow = oneOf('overflow', options.overflow ?? 'wait', ['wait', 'reject', 'drop-oldest']);
  const compression = oneOf('compression', options.compression ?? 'none', ['none', 'gzip', 'snappy', 'lz4', 'zstd']);
  const deliveryTimeoutMs = duration('deliveryTimeoutMs', options.deliveryTimeoutMs ?? 300_000);
  const requestTimeoutMs = duration('requestTimeoutMs', options.requestTimeoutMs ?? 60_000);
  const retryBackoffMs = duration('retryBackoffMs', options.retryBackoffMs ?? 500);
  const statusIntervalMs = duration('statusIntervalMs', options.statusIntervalMs ?? 30_000);
  const acks = options.acks ?? -1;
  const idempotent = options.idempotent ?? acks === -1;
  if (idempotent && acks !== -1) {
    throw new KafkaClientError(
      `acks is ${acks}; an idempotent producer needs -1. Pass idempotent: false to use ${acks}.`,
      {
        code: 'invalid_option',
      },
    );
  }
  const clock = options.clock ?? systemClock;
  const logger = options.logger ?? silentLogger;
  const metrics = options.metrics ?? silentMetrics;
  const partitioner = options.partitioner ?? createPartitioner();
  const emit = (event: ProducerEvent): void => options.onEvent?.(event);

  const transport = options.transport.createProducer({ acks, compression, requestTimeoutMs });
  const identities = idempotent ? new ProducerIdentities(transport) : undefined;
  const topics = new Map<string, TopicState>();
  const flushes = new FlushRounds();
  let state: 'new' | 'open' | 'closing' | 'closed' = 'new';
  let cancelReport: (() => void) | undefined;
  let closed: Promise<void> | undefined;

  const bounds = new QueueBounds(options, (throttled) => {
    emit({
      type: throttled ? 'backpressure_activated' : 'backpressure_deactivated',
      producerName: name,
      status: status(),
    });
    metrics.gauge('naru_kafka_producer_throttled', throttled ? 1 : 0, { producer: name });
    // Under pressure lingering only keeps memory occupied.
    if (throttled) wakeAll();
    else admitWaiting();
  });
  const waiting = new WaitingLine(wholeNumber('maxWaiting', options.maxWaiting ?? 10_000, 0));

  const status = (): QueueStatus => ({
    queue_size: bounds.messages,
    queue_max_size: bounds.maxMessages,
    usage_percent: Math.round(100 * Math.max(bounds.messages / bounds.maxMessages, bounds.bytes / bounds.maxBytes)),
    is_throttled: bounds.throttled,
    high_watermark: Math.round(bounds.highWatermark * bounds.maxMessages),
    low_watermark: Math.round(bounds.lowWatermark * bounds.maxMessages),
    queue_bytes: bounds.bytes,
    queue_max_bytes: bounds.maxBytes,
  });

  const decide = (batch: readonly QueuedMessage[], tell: (message: QueuedMessage, index: number) => void): void => {
    let bytes = 0;
    for (const message of batch) bytes += message.bytes;
    bounds.remove(batch.length, bytes);
    for (let index = 0; index < batch.length; index += 1) {
      const message = batch[index]!;
      if (message.onDelivery) tell(message, index);
      flushes.decided(message.flushRound);
    }
  };

  const report = (onDelivery: OnDelivery, error: KafkaClientError | null, delivery: DeliveryReport | null): void => {
    try {
      onDelivery(error, delivery);
    } catch (thrown) {
      logger.error('A delivery callback threw; the message itself is decided.', { producer: name, error: thrown });
    }
  };

  const fail = (batch: readonly QueuedMessage[], error: KafkaClientError): void => {
    decide(batch, (message) => report(message.onDelivery!, error, null));
    metrics.count('naru_kafka_producer_failed_messages_total', batch.length, { producer: name, code: error.code });
  };

  const createSender = (topic: string, partition: number): PartitionSender =>
    new PartitionSender({
      topic,
      partition,
      transport,
      identities,
      clock,
      lingerMs,
      batchBytes,
      batchCount,
      deliveryTimeoutMs,
      retryBackoffMs,
      urgent: () => flushes.waitedFor || bounds.throttled,
      onBatchClosed: partitioner.batchClosed,
      onRetry: (error, messages) => {
        metrics.count('naru_kafka_producer_retries_total', 1, { producer: name, code: error.code });
        emit({ type: 'buffer_retry', producerName: name, topic, partition, messages, error });
      },
      onDelivered: (batch, baseOffset, possiblyDuplicated) => {
        const now = clock.monotonic();
        const first = Number(baseOffset);
        const exact = Number.isSafeInteger(first + batch.length);
        const offsetAt = (index: number): string => {
          if (first < 0) return '-1';
          return exact ? String(first + index) : String(BigInt(baseOffset) + BigInt(index));
        };
        const latencyMs = now - batch[0]!.acceptedAt;
        let bytes = 0;
        for (const message of batch) bytes += message.bytes;
        decide(batch, (message, index) =>
          report(message.onDelivery!, null, {
            topic,
            partition,
            offset: offsetAt(index),
            latencyMs: now - message.acceptedAt,
            possiblyDuplicated,
          }),
        );
        metrics.count('naru_kafka_producer_delivered_messages_total', batch.length, { producer: name });
        metrics.observe('naru_kafka_producer_delivery_seconds', latencyMs / 1_000, { producer: name });
        emit({
          type: 'batch_delivered',
          producerName: name,
          topic,
          partition,
          messages: batch.length,
          bytes,
          baseOffset,
          latencyMs,
          possiblyDuplicated,
        });
      },
      onFailed: (batch, error) => {
        logger.warn('A batch was not delivered.', { producer: name, topic, partition, messages: batch.length, error });
        fail(batch, error);
        emit({ type: 'batch_failed', producerName: name, topic, partition, messages: batch.length, error });
      },
    });

  const stateOf = (topic: string): TopicState => {
    let found = topics.get(topic);
    if (!found) {
      found = { senders: [], unplaced: [], looking: false };
      topics.set(topic, found);
    }
    return found;
  };

  const wakeAll = (): void => {
    for (const { senders } of topics.values()) for (const sender of senders) sender?.wake();
  };

  const place = (topic: TopicState, message: QueuedMessage, asked: number | undefined, partitions: number): void => {
    const partition = asked ?? partitioner.choose(message.topic, message.key, partitions);
    if (partition >= partitions) {
      const error = new KafkaClientError(
        `${message.topic} has ${partitions} partitions; a message asked for partition ${partition}. Use one from 0 to ${partitions - 1}.`,
        { code: 'invalid_message' },
      );
      queueMicrotask(() => fail([message], error));
      return;
    }
    let sender = topic.senders[partition];
    if (!sender) {
      sender = createSender(message.topic, partition);
      topic.senders[partition] = sender;
    }
    sender.accept(message);
  };

  /** Asks for the topic's partitions until they are known or the messages that wait for them are too old. */
  const look = async (topicName: string, topic: TopicState): Promise<void> => {
    topic.looking = true;
    for (let attempt = 1; topic.unplaced.length > 0; attempt += 1) {
      try {
        const partitions = await transport.partitionCount(topicName);
        for (const { message, partition } of topic.unplaced.splice(0)) place(topic, message, partition, partitions);
      } catch (thrown) {
        const error = toKafkaClientError(thrown);
        const now = clock.monotonic();
        const late = (entry: { readonly message: QueuedMessage }): boolean =>
          !error.retryable || state === 'closed' || now - entry.message.acceptedAt >= deliveryTimeoutMs;
        const given = topic.unplaced.filter(late).map((entry) => entry.message);
        const kept = topic.unplaced.filter((entry) => !late(entry));
        topic.unplaced.splice(0, topic.unplaced.length, ...kept);
        if (given.length > 0) fail(given, error);
        if (kept.length > 0) await backoff(clock, attempt, Math.min(retryBackoffMs, deliveryTimeoutMs));
      }
    }
    topic.looking = false;
  };

  const enqueue = (message: ProducerMessage, bytes: number, onDelivery: OnDelivery | undefined): void => {
    const queued: QueuedMessage = {
      topic: message.topic,
      key: message.key ?? null,
      value: message.value,
      headers: message.headers,
      timestamp: message.timestamp ?? Math.floor(clock.now()),
      bytes,
      acceptedAt: clock.monotonic(),
      flushRound: flushes.current,
      onDelivery,
    };
    flushes.accepted();
    bounds.add(bytes);
    const topic = stateOf(message.topic);
    const partitions = topic.unplaced.length === 0 ? transport.knownPartitionCount(message.topic) : undefined;
    if (partitions !== undefined) {
      place(topic, queued, message.partition, partitions);
      return;
    }
    topic.unplaced.push({ message: queued, partition: message.partition });
    if (!topic.looking && state !== 'new') void look(message.topic, topic);
  };

  const admitWaiting = (): void => {
    while (!bounds.throttled) {
      const next = waiting.shift();
      if (!next) return;
      next();
    }
  };

  /** Frees room by giving up the messages that have waited longest. False when everything left is in flight. */
  const dropOldest = (needed: number): boolean => {
    while (bounds.overflowsWith(needed)) {
      let oldest: PartitionSender | undefined;
      for (const { senders } of topics.values()) {
        for (const sender of senders) {
          const candidate = sender?.queue.oldest;
          if (candidate && (!oldest || candidate.acceptedAt < oldest.queue.oldest!.acceptedAt)) oldest = sender;
        }
      }
      const dropped = oldest?.queue.shift();
      if (!dropped) return false;
      fail(
        [dropped],
        new KafkaClientError(`Dropped from ${dropped.topic}: the queue was full and a newer message came.`, {
          code: 'dropped',
        }),
      );
      emit({ type: 'queue_full', producerName: name, topic: dropped.topic, dropped: true });
    }
    return true;
  };

  const refuse = (message: ProducerMessage, onDelivery: OnDelivery | undefined, error: KafkaClientError): void => {
    metrics.count('naru_kafka_producer_refused_messages_total', 1, { producer: name, code: error.code });
    if (error.code === 'queue_full')
      emit({ type: 'queue_full', producerName: name, topic: message.topic, dropped: false });
    if (onDelivery) queueMicrotask(() => report(onDelivery, error, null));
  };

  const queueFull = (): KafkaClientError =>
    new KafkaClientError(
      `The queue of ${name} is full (${bounds.messages} messages, ${bounds.bytes} bytes). Send more slowly, or raise maxQueuedMessages or maxQueuedBytes.`,
      { code: 'queue_full', retryable: true },
    );

  const closedError = (): KafkaClientError =>
    new KafkaClientError(`The producer ${name} is closed. Create another one to send more.`, { code: 'closed' });

  const send = (message: ProducerMessage, onDelivery?: OnDelivery): Promise<void> | undefined => {
    const bytes = checked(message, maxMessageBytes);
    if (state === 'closing' || state === 'closed') {
      refuse(message, onDelivery, closedError());
      return undefined;
    }
    if (overflow === 'wait') {
      if (!bounds.throttled && waiting.length === 0 && !bounds.overflowsWith(bytes)) {
        enqueue(message, bytes, onDelivery);
        return undefined;
      }
      const wait = waiting.join(() => {
        if (state === 'closed') refuse(message, onDelivery, closedError());
        else enqueue(message, bytes, onDelivery);
      });
      if (!wait) refuse(message, onDelivery, queueFull());
      return wait;
    }
    if (bounds.overflowsWith(bytes) && (overflow === 'reject' || !dropOldest(bytes))) {
      refuse(message, onDelivery, queueFull());
      return undefined;
    }
    enqueue(message, bytes, onDelivery);
    return undefined;
  };

  /** A cluster that has just started says for some seconds that it is loading. */
  const obtainIdentity = async (): Promise<void> => {
    const deadline = clock.monotonic() + requestTimeoutMs;
    for (let attempt = 1; identities; attempt += 1) {
      try {
        await identities.get();
        return;
      } catch (thrown) {
        const error = toKafkaClientError(thrown);
        if (!error.retryable || clock.monotonic() >= deadline) throw error;
        await backoff(clock, attempt, retryBackoffMs);
      }
    }
  };

  const scheduleReport = (): void => {
    if (statusIntervalMs === 0 || state !== 'open') return;
    cancelReport = clock.schedule(statusIntervalMs, () => {
      emit({ type: 'queue_status_report', producerName: name, status: status() });
      metrics.gauge('naru_kafka_producer_queue_messages', bounds.messages, { producer: name });
      metrics.gauge('naru_kafka_producer_queue_bytes', bounds.bytes, { producer: name });
      scheduleReport();
    });
  };

  const flush = async (timeoutMs: number = deliveryTimeoutMs): Promise<void> => {
    const done = waiting.emptied().then(() => {
      const decided = flushes.wait();
      wakeAll();
      return decided;
    });
    let cancel: (() => void) | undefined;
    const late = new Promise<never>((_, reject) => {
      cancel = clock.schedule(timeoutMs, () =>
        reject(
          new KafkaClientError(`${bounds.messages} messages were still undelivered after ${timeoutMs} ms.`, {
            code: 'flush_timeout',
            retryable: true,
          }),
        ),
      );
    });
    await Promise.race([done, late]).finally(() => cancel?.());
  };

  const close = async (timeoutMs: number): Promise<void> => {
    const connected = state === 'open';
    state = 'closing';
    cancelReport?.();
    try {
      if (connected) await flush(timeoutMs);
    } finally {
      state = 'closed';
      const error = closedError();
      for (const topic of topics.values()) {
        fail(
          topic.unplaced.splice(0).map((entry) => entry.message),
          error,
        );
        for (const sender of topic.senders) if (sender) fail(sender.queue.drain(), error);
      }
      waiting.admitAll();
      await transport.close();
    }
  };

  const producer: KafkaProducer = {
    name,
    async connect() {
      if (state === 'closing' || state === 'closed') throw closedError();
      await transport.connect();
      await obtainIdentity();
      if (state !== 'new') return;
      state = 'open';
      scheduleReport();
      for (const [topicName, topic] of topics) if (topic.unplaced.length > 0) void look(topicName, topic);
    },
    send,
    sendAndWait: (message) =>
      new Promise((resolve, reject) => {
        void send(message, (error, delivery) => (error ? reject(error) : resolve(delivery!)));
      }),
    flush,
    get queueStatus() {
      return status();
    },
    close(timeoutMs = deliveryTimeoutMs) {
      closed ??= close(timeoutMs);
      return closed;
    },
    [Symbol.asyncDispose]: () => producer.close(),
  };
  return producer;
}

/** The message's size, once it is known that it can be sent. */
function checked(message: ProducerMessage, maxMessageBytes: number): number {
  if (typeof message.topic !== 'string' || message.topic.length === 0) {
    throw new KafkaClientError('A message has no topic. Name one.', { code: 'invalid_message' });
  }
  if (message.value !== null && typeof message.value !== 'string' && !Buffer.isBuffer(message.value)) {
    throw new KafkaClientError(
      `The value of a message for ${message.topic} is ${typeof message.value}. Serialize it to a Buffer or a string; null is a tombstone.`,
      { code: 'invalid_message' },
    );
  }
  const { partition, timestamp } = message;
  if (partition !== undefined) checkWhole(message.topic, 'partition', partition);
  if (timestamp !== undefined) checkWhole(message.topic, 'timestamp', timestamp);
  const bytes = estimateBytes(message);
  if (bytes > maxMessageBytes) {
    throw new KafkaClientError(
      `A message for ${message.topic} takes ${bytes} bytes; the most is ${maxMessageBytes}. Split it, or raise maxMessageBytes and the broker's message.max.bytes.`,
      { code: 'message_too_large' },
    );
  }
  return bytes;
}

function checkWhole(topic: string, name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new KafkaClientError(
    `The ${name} of a message for ${topic} is ${value}; it must be a whole number, 0 or more.`,
    {
      code: 'invalid_message',
    },
  );
}

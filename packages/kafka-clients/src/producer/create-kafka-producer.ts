import { backoff } from '../backoff.js';
import { diagnostics } from '../diagnostics.js';
import { KafkaClientError, toKafkaClientError } from '../kafka-client-error.js';
import { checkMessage } from './check-message.js';
import { FlushRounds } from './flush-rounds.js';
import type { KafkaProducer, KafkaProducerOptions } from './kafka-producer.js';
import { bytesOf, type DeliveryReport, type OnDelivery, type ProducerMessage, type QueuedMessage } from './message.js';
import { MessageRouter } from './message-router.js';
import { PartitionSender } from './partition-sender.js';
import type { ProducerEvent, QueueStatus } from './producer-events.js';
import { ProducerIdentities } from './producer-identities.js';
import { readProducerSettings } from './producer-settings.js';
import { QueueBounds } from './queue-bounds.js';
import { WaitingLine } from './waiting-line.js';

/** Builds a producer. No I/O happens before `connect`. @throws {KafkaClientError} `invalid_option`. */
export function createKafkaProducer(options: KafkaProducerOptions): KafkaProducer {
  const settings = readProducerSettings(options);
  const { name, overflow, deliveryTimeoutMs, requestTimeoutMs, retryBackoffMs } = settings;
  const { clock, logger, metrics, partitioner } = settings;
  const labels = { producer: name };
  const emit = (event: ProducerEvent): void => {
    if (diagnostics.producer.hasSubscribers) diagnostics.producer.publish(event);
    try {
      options.onEvent?.(event);
    } catch (thrown) {
      logger.error('A listener to events threw; the producer goes on.', { producer: name, error: thrown });
    }
  };

  const transport = options.transport.createProducer(settings);
  const identities = settings.idempotent ? new ProducerIdentities(transport) : undefined;
  const flushes = new FlushRounds();
  const waiting = new WaitingLine(settings.maxWaiting);
  const closing = new AbortController();
  let state: 'new' | 'open' | 'closing' | 'closed' = 'new';
  const isClosed = (): boolean => state === 'closing' || state === 'closed';
  let cancelReport: (() => void) | undefined;
  let closed: Promise<void> | undefined;

  const bounds = new QueueBounds(options, (throttled) => {
    const type = throttled ? 'backpressure_activated' : 'backpressure_deactivated';
    emit({ type, producerName: name, status: status() });
    metrics.gauge('naru_kafka_producer_throttled', throttled ? 1 : 0, labels);
    // Under pressure lingering only keeps memory occupied.
    if (throttled) router.wakeAll();
    else admitWaiting();
  });

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

  const report = (onDelivery: OnDelivery, error: KafkaClientError | null, delivery: DeliveryReport | null): void => {
    try {
      onDelivery(error, delivery);
    } catch (thrown) {
      logger.error('A delivery callback threw; the message itself is decided.', { producer: name, error: thrown });
    }
  };

  const decide = (batch: readonly QueuedMessage[], tell: (message: QueuedMessage, index: number) => void): void => {
    bounds.remove(batch.length, bytesOf(batch));
    let ofRound = 0;
    for (let index = 0; index < batch.length; index += 1) {
      const message = batch[index]!;
      if (message.onDelivery) tell(message, index);
      ofRound += 1;
      // Nearly always all of a batch belong to one round.
      if (batch[index + 1]?.flushRound === message.flushRound) continue;
      flushes.decided(message.flushRound, ofRound);
      ofRound = 0;
    }
  };

  const fail = (batch: readonly QueuedMessage[], error: KafkaClientError): void => {
    decide(batch, (message) => report(message.onDelivery!, error, null));
    metrics.count('naru_kafka_producer_failed_messages_total', batch.length, { ...labels, code: error.code });
  };

  const createSender = (topic: string, partition: number): PartitionSender =>
    new PartitionSender({
      ...settings,
      topic,
      partition,
      transport,
      identities,
      urgent: () => flushes.waitedFor || bounds.throttled,
      onBatchClosed: partitioner.batchClosed,
      onRetry: (error, messages) => {
        metrics.count('naru_kafka_producer_retries_total', 1, { ...labels, code: error.code });
        emit({ type: 'buffer_retry', producerName: name, topic, partition, messages, error });
      },
      onDelivered: (batch, baseOffset, possiblyDuplicated) => {
        const now = clock.monotonic();
        const offsetAt = offsetsFrom(baseOffset, batch.length);
        decide(batch, (message, index) => {
          const latencyMs = now - message.acceptedAt;
          report(message.onDelivery!, null, {
            topic,
            partition,
            offset: offsetAt(index),
            latencyMs,
            possiblyDuplicated,
          });
        });
        const latencyMs = now - batch[0]!.acceptedAt;
        metrics.count('naru_kafka_producer_delivered_messages_total', batch.length, labels);
        metrics.observe('naru_kafka_producer_delivery_seconds', latencyMs / 1_000, labels);
        emit({
          type: 'batch_delivered',
          producerName: name,
          topic,
          partition,
          messages: batch.length,
          bytes: bytesOf(batch),
          baseOffset,
          latencyMs,
          possiblyDuplicated,
        });
      },
      onFailed: (batch, error) => {
        logger.warn('A batch was not delivered.', { ...labels, topic, partition, messages: batch.length, error });
        fail(batch, error);
        emit({ type: 'batch_failed', producerName: name, topic, partition, messages: batch.length, error });
      },
    });

  const router = new MessageRouter({ ...settings, transport, createSender, onFailed: fail });

  const enqueue = (message: ProducerMessage, bytes: number, onDelivery: OnDelivery | undefined): void => {
    if (diagnostics.send.hasSubscribers) diagnostics.send.publish({ message });
    flushes.accepted();
    bounds.add(bytes);
    router.route(
      {
        topic: message.topic,
        key: message.key ?? null,
        value: message.value,
        headers: message.headers,
        timestamp: message.timestamp ?? Math.floor(clock.now()),
        bytes,
        acceptedAt: clock.monotonic(),
        flushRound: flushes.current,
        onDelivery,
      },
      message.partition,
    );
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
      const dropped = router.takeOldest();
      if (!dropped) return false;
      const { topic } = dropped;
      const message = `Dropped from ${topic}: the queue was full and a newer message came.`;
      fail([dropped], new KafkaClientError(message, { code: 'dropped' }));
      emit({ type: 'queue_full', producerName: name, topic, dropped: true });
    }
    return true;
  };

  const refuse = (message: ProducerMessage, onDelivery: OnDelivery | undefined, error: KafkaClientError): void => {
    metrics.count('naru_kafka_producer_refused_messages_total', 1, { ...labels, code: error.code });
    if (error.code === 'queue_full') {
      emit({ type: 'queue_full', producerName: name, topic: message.topic, dropped: false });
    }
    if (onDelivery) queueMicrotask(() => report(onDelivery, error, null));
  };

  const queueFull = (): KafkaClientError =>
    new KafkaClientError(
      `The queue of ${name} is full (${bounds.messages} messages, ${bounds.bytes} bytes). Send more slowly, or raise maxQueuedMessages or maxQueuedBytes.`,
      { code: 'queue_full', retryable: true },
    );

  const closedError = (cause?: unknown): KafkaClientError =>
    new KafkaClientError(`The producer ${name} is closed. Create another one to send more.`, { code: 'closed', cause });

  const send = (message: ProducerMessage, onDelivery?: OnDelivery): Promise<void> | undefined => {
    const bytes = checkMessage(message, settings.maxMessageBytes);
    if (isClosed()) {
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
    if (isClosed()) throw closedError();
    const deadline = clock.monotonic() + requestTimeoutMs;
    for (let attempt = 1; identities; attempt += 1) {
      try {
        await identities.get();
        return;
      } catch (thrown) {
        const error = toKafkaClientError(thrown);
        if (isClosed()) throw closedError(error);
        if (!error.retryable || clock.monotonic() >= deadline) throw error;
        await backoff(clock, attempt, retryBackoffMs, closing.signal);
      }
    }
  };

  const scheduleReport = (): void => {
    if (settings.statusIntervalMs === 0 || state !== 'open') return;
    cancelReport = clock.schedule(settings.statusIntervalMs, () => {
      emit({ type: 'queue_status_report', producerName: name, status: status() });
      metrics.gauge('naru_kafka_producer_queue_messages', bounds.messages, labels);
      metrics.gauge('naru_kafka_producer_queue_bytes', bounds.bytes, labels);
      scheduleReport();
    });
  };

  const flush = async (timeoutMs: number = deliveryTimeoutMs): Promise<void> => {
    const done = waiting.passed().then(() => {
      const decided = flushes.wait();
      router.wakeAll();
      return decided;
    });
    let cancel: (() => void) | undefined;
    const late = new Promise<never>((_, reject) => {
      cancel = clock.schedule(timeoutMs, () => {
        const message = `${bounds.messages} messages were still undelivered after ${timeoutMs} ms. Check the brokers, or wait longer.`;
        reject(new KafkaClientError(message, { code: 'flush_timeout', retryable: true }));
      });
    });
    await Promise.race([done, late]).finally(() => cancel?.());
  };

  const close = async (timeoutMs: number): Promise<void> => {
    const connected = state === 'open';
    state = 'closing';
    closing.abort();
    cancelReport?.();
    try {
      if (connected) await flush(timeoutMs);
    } finally {
      state = 'closed';
      fail(router.close(), closedError());
      waiting.admitAll();
      await transport.close();
    }
  };

  const producer: KafkaProducer = {
    name,
    async connect() {
      if (isClosed()) throw closedError();
      await transport.connect();
      await obtainIdentity();
      if (isClosed()) throw closedError();
      if (state !== 'new') return;
      state = 'open';
      scheduleReport();
      router.open();
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

/** The offset of each record of a batch; brokers do not say with `acks: 0`, nor of a batch they wrote before. */
function offsetsFrom(baseOffset: string, count: number): (index: number) => string {
  const first = Number(baseOffset);
  if (first < 0) return () => '-1';
  if (Number.isSafeInteger(first + count)) return (index) => String(first + index);
  return (index) => (BigInt(baseOffset) + BigInt(index)).toString();
}

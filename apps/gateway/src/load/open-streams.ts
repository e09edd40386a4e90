import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { createTopicNames, targetKey, topicNames } from '@naru/core';
import { createKafkaProducer, createKafkaTransport } from '@naru/kafka-clients';
import { CommandFailure } from '../command/command-failure.js';
import type { GatewayProcess } from './gateway-process.js';
import type { PlannedStream } from './load-plan.js';

/** Exchanges let few subscriptions a second through: a few hundred markets take half a minute. */
const openWithinMs = 300_000;
const lookEveryMs = 200;

export interface OpenStreamsOptions {
  readonly topicPrefix: string;
  /** Where an exchange is played. */
  readonly urlOf: (exchange: string) => string;
  readonly signal: AbortSignal;
  readonly onProgress: (confirmed: number, wanted: number) => void;
}

/** Sends a command for every stream, through Kafka as anybody would, and resolves when every symbol is confirmed. */
export async function openStreams(
  gateway: GatewayProcess,
  plan: readonly PlannedStream[],
  { topicPrefix, urlOf, signal, onProgress }: OpenStreamsOptions,
): Promise<void> {
  const topics = createTopicNames({ command: `${topicPrefix}${topicNames.command}` });
  const transport = createKafkaTransport({ brokers: gateway.brokers, clientId: 'naru-load' });
  const producer = createKafkaProducer({ transport, lingerMs: 0 });
  await producer.connect();
  try {
    for (const { target, symbols } of plan) {
      const command = {
        type: 'status',
        action: 'connect_and_subscribe',
        target,
        symbols,
        connection: { url: urlOf(target.exchange), socket_params: {} },
        correlation_id: randomUUID(),
      };
      await producer.sendAndWait({ topic: topics.command, key: targetKey(target), value: JSON.stringify(command) });
    }
  } finally {
    await producer.close();
  }
  const wanted = plan.reduce((sum, { symbols }) => sum + symbols.length, 0);
  const until = performance.now() + openWithinMs;
  for (;;) {
    const { symbols } = await gateway.figures();
    onProgress(symbols.confirmed, wanted);
    if (symbols.confirmed >= wanted) return;
    if (performance.now() > until) {
      throw new CommandFailure(
        'failed',
        `Only ${symbols.confirmed} of ${wanted} subscriptions were confirmed in ${openWithinMs / 1_000} s. Ask for fewer --markets.`,
      );
    }
    await wait(lookEveryMs, undefined, { signal });
  }
}

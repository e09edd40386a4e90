import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type TopicNames, targetKey } from '@naru/core';
import { createKafkaProducer, type KafkaTransport } from '@naru/kafka-clients';
import { CommandFailure } from '../command/ending/command-failure.js';
import type { GatewayFigures } from './gateway-figures.js';
import type { GatewayProcess } from './gateway-process.js';
import type { PlannedStream } from './load-plan.js';

/** Exchanges let few subscriptions a second through: a few hundred markets take half a minute. */
const settledWithinMs = 300_000;
const lookEveryMs = 200;

export interface CommandStreamsOptions {
  readonly transport: KafkaTransport;
  readonly topics: TopicNames;
  readonly signal: AbortSignal;
  readonly onProgress: (symbols: GatewayFigures['symbols']) => void;
}

/**
 * Sends a command for every stream, through Kafka as anybody would, and resolves when every symbol is confirmed.
 *
 * @param urlOf where an exchange is played
 */
export async function openStreams(
  gateway: GatewayProcess,
  plan: readonly PlannedStream[],
  urlOf: (exchange: string) => string,
  options: CommandStreamsOptions,
): Promise<void> {
  const commands = plan.map(({ target, symbols }) => ({
    type: 'status',
    action: 'connect_and_subscribe',
    target,
    symbols,
    connection: { url: urlOf(target.exchange), socket_params: {} },
    correlation_id: randomUUID(),
  }));
  await send(options.transport, options.topics.command, commands);
  const wanted = plan.reduce((sum, { symbols }) => sum + symbols.length, 0);
  await settled(gateway, ({ confirmed }) => confirmed >= wanted, options);
}

/** Ends every stream, so that nothing is received any more, and resolves when all are ended. */
export async function endStreams(
  gateway: GatewayProcess,
  plan: readonly PlannedStream[],
  options: CommandStreamsOptions,
): Promise<void> {
  const commands = plan.map(({ target }) => ({ type: 'status', action: 'disconnect', target }));
  await send(options.transport, options.topics.disconnection, commands);
  await settled(gateway, ({ wanted }) => wanted === 0, options);
}

async function send(
  transport: KafkaTransport,
  topic: string,
  commands: readonly { readonly target: PlannedStream['target'] }[],
): Promise<void> {
  const producer = createKafkaProducer({ transport, lingerMs: 0 });
  await producer.connect();
  try {
    for (const command of commands) {
      await producer.sendAndWait({ topic, key: targetKey(command.target), value: JSON.stringify(command) });
    }
  } finally {
    await producer.close();
  }
}

async function settled(
  gateway: GatewayProcess,
  isSettled: (symbols: GatewayFigures['symbols']) => boolean,
  { signal, onProgress }: CommandStreamsOptions,
): Promise<void> {
  const until = performance.now() + settledWithinMs;
  for (;;) {
    const { symbols } = await gateway.figures();
    onProgress(symbols);
    if (isSettled(symbols)) return;
    if (performance.now() > until) {
      throw new CommandFailure(
        'failed',
        `After ${settledWithinMs / 1_000} s ${symbols.confirmed} of ${symbols.wanted} symbols were confirmed. Ask for fewer --markets.`,
      );
    }
    await wait(lookEveryMs, undefined, { signal });
  }
}

import { randomBytes } from 'node:crypto';
import type { TopicNames } from '@naru/core';
import { createKafkaAdmin, createKafkaTransport, type KafkaTransport } from '@naru/kafka-clients';
import type { ClosingStack } from '../composition/closing-stack.js';
import { kafkaOptions } from '../composition/server-options.js';
import { topicSpecifications } from '../composition/topics.js';
import { type SimulatorProcess, startSimulator } from '../processes/simulator-process.js';
import { startBroker } from './broker-process.js';
import { type GatewayProcess, startGateway } from './gateway-process.js';
import { loadConfig, loadTopics } from './load-config.js';
import type { LoadOptions } from './load-options.js';
import { measureSendFloor, type SendFloor } from './send-floor.js';

/** Everything that a run needs, started. */
export interface LoadParts {
  readonly transport: KafkaTransport;
  readonly gateway: GatewayProcess;
  readonly simulator: SimulatorProcess;
  readonly floor: SendFloor;
  readonly topics: TopicNames;
}

/**
 * Starts broker (without addresses), simulator, gateway and the bare producer. What it started is on the stack, also
 * when a part fails. The signal ends the wait for Kafka.
 */
export async function startParts(options: LoadOptions, closing: ClosingStack, signal: AbortSignal): Promise<LoadParts> {
  const keep = <T extends AsyncDisposable>(name: string, started: T): T => {
    closing.defer(name, () => started[Symbol.asyncDispose]());
    return started;
  };
  const { config } = options;
  const prefix = `load-${randomBytes(4).toString('hex')}.`;
  const topics = loadTopics(prefix);
  const floorTopic = `${prefix}floor`;

  let isReached = false;
  const isEmbedded = config.kafka.brokers === 'embedded';
  const brokers =
    config.kafka.brokers === 'embedded' ? keep('broker', await startBroker()).brokers : config.kafka.brokers;
  const connection = { ...kafkaOptions(config.kafka, brokers), clientId: 'naru-load' };
  const transport = createKafkaTransport(connection);
  const admin = keep('admin', createKafkaAdmin({ transport }));
  // An embedded broker ends with its topics.
  if (!isEmbedded && !options.keepTopics) {
    const created = topicSpecifications(topics, config.kafka).map(({ topic }) => topic);
    // Kafka that never answered is not asked again.
    closing.defer('topics', () => isReached && admin.deleteTopics([...created, floorTopic]));
  }
  const onAbort = (): void => void admin.close();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    await admin.ensureTopics([{ topic: floorTopic, partitions: 1 }]);
  } finally {
    isReached = !signal.aborted;
    signal.removeEventListener('abort', onAbort);
  }
  const simulator = keep('simulator', await startSimulator(options.seed));
  const gateway = keep(
    'gateway',
    await startGateway({
      config: loadConfig(config, { brokers, topics, groupId: `${prefix}gateway`, simulatorHost: simulator.host }),
      profile: options.profile,
    }),
  );
  const floor = keep('floor', await measureSendFloor(connection, floorTopic));
  return { transport, gateway, simulator, floor, topics };
}

import { randomBytes } from 'node:crypto';
import { createTopicNames, type TopicNames, topicNames } from '@naru/core';
import { createKafkaAdmin, createKafkaTransport } from '@naru/kafka-clients';
import type { ClosingStack } from '../composition/closing-stack.js';
import { topicSpecifications } from '../composition/topics.js';
import { defaultConfig } from '../config/complete-config.js';
import { startBroker } from './broker-process.js';
import { type GatewayProcess, startGateway } from './gateway-process.js';
import type { LoadOptions } from './load-options.js';
import { measureSendFloor, type SendFloor } from './send-floor.js';
import { type SimulatorProcess, startSimulator } from './simulator-process.js';

/** Everything that a run needs, started. */
export interface LoadParts {
  readonly brokers: readonly string[];
  readonly gateway: GatewayProcess;
  readonly simulator: SimulatorProcess;
  readonly floor: SendFloor;
  readonly topics: TopicNames;
}

/**
 * Starts broker (without addresses), simulator, gateway and the bare producer. What it started is on the stack, also
 * when a part fails.
 */
export async function startParts(options: LoadOptions, closing: ClosingStack): Promise<LoadParts> {
  const keep = <T extends AsyncDisposable>(name: string, started: T): T => {
    closing.defer(name, () => started[Symbol.asyncDispose]());
    return started;
  };
  // Topics of its own: a run mixes with nothing and can be counted.
  const topicPrefix = `load-${randomBytes(4).toString('hex')}.`;
  const topics = createTopicNames(
    Object.fromEntries(Object.entries(topicNames).map(([name, topic]) => [name, `${topicPrefix}${topic}`])),
  );
  const floorTopic = `${topicPrefix}floor`;

  const brokers = options.brokers ?? keep('broker', await startBroker()).brokers;
  const transport = createKafkaTransport({ brokers, clientId: 'naru-load' });
  const admin = keep('admin', createKafkaAdmin({ transport }));
  // An embedded broker ends with its topics.
  if (options.brokers !== undefined && !options.keepTopics) {
    const created = topicSpecifications(topics, defaultConfig.kafka).map(({ topic }) => topic);
    closing.defer('topics', () => admin.deleteTopics([...created, floorTopic]));
  }
  await admin.ensureTopics([{ topic: floorTopic, partitions: 1 }]);
  const simulator = keep('simulator', await startSimulator(options.seed));
  const gateway = keep(
    'gateway',
    await startGateway({
      brokers,
      registry: options.registry,
      topicPrefix,
      simulatorHost: simulator.host,
      profile: options.profile,
    }),
  );
  const floor = keep('floor', await measureSendFloor(brokers, floorTopic));
  return { brokers, gateway, simulator, floor, topics };
}

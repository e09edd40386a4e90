import {
  type ConsumerState,
  createDeadLetterTopic,
  KafkaConsumerClient,
  KafkaDisconnectionConsumerClient,
} from '@naru/kafka-clients';
import { createCommandTarget, type StreamCommands } from '../commands/command-target.js';
import { reportingDeadLetter } from '../commands/reporting-dead-letter.js';
import { versionHeader } from '../dead-letters/dead-letter.js';
import type { EventPublisher } from '../events/event-publisher.js';
import type { CommandProgress } from '../orchestration/command-progress.js';
import { version } from '../version.js';
import type { Foundation } from './foundation.js';
import type { Producers } from './producers.js';

export interface CommandConsumers {
  start(): Promise<void>;
  /** By the topic that each reads. */
  watched(): readonly { readonly topic: string; readonly state: () => ConsumerState }[];
  /** No more commands; those at hand are finished and committed. */
  close(): Promise<void>;
}

export interface CommandConsumersParts extends Foundation {
  readonly streams: StreamCommands;
  readonly events: EventPublisher;
  readonly progress: CommandProgress;
  readonly producers: Producers;
}

/** A member hears by its heartbeat that the group changes, so the others wait this long for it. */
const maxHeartbeatMs = 2_500;

/** The consumers of both command topics, not yet started. */
export function createCommandConsumers(parts: CommandConsumersParts): CommandConsumers {
  const { config, transport, clock, logger, metrics, streams, events, progress, producers } = parts;
  const { topics } = config;
  const ownVersion = version();
  const commands = createCommandTarget({ streams, events, progress, clock, logger });
  const shared = {
    transport,
    clock,
    logger,
    metrics,
    orchestrator: commands,
    deadLetter: reportingDeadLetter(
      createDeadLetterTopic({
        producer: producers.events,
        topic: topics.dlq,
        origin: 'naru-gateway',
        headers: () => ({ [versionHeader]: ownVersion }),
      }),
      events,
      progress,
    ),
    sessionTimeoutMs: config.kafka.sessionTimeoutMs,
    heartbeatIntervalMs: Math.min(maxHeartbeatMs, Math.floor(config.kafka.sessionTimeoutMs / 4)),
    // Commands start in order and the orchestrator keeps those of one target in turn; a slow exchange delays no other.
    concurrency: 32,
  };
  const consumers = [
    {
      topic: topics.command,
      client: new KafkaConsumerClient({
        ...shared,
        topic: [topics.command],
        groupId: `${config.kafka.groupId}-connect`,
        onExpired: commands.onExpired,
      }),
    },
    {
      topic: topics.disconnection,
      client: new KafkaDisconnectionConsumerClient({
        ...shared,
        topic: [topics.disconnection],
        groupId: `${config.kafka.groupId}-disconnect`,
      }),
    },
  ];
  return {
    start: async () => void (await Promise.all(consumers.map(({ client }) => client.start()))),
    watched: () => consumers.map(({ topic, client }) => ({ topic, state: () => client.state })),
    close: async () => void (await Promise.all(consumers.map(({ client }) => client.close()))),
  };
}

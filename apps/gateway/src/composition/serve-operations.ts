import { targetKey } from '@naru/core';
import { shownConfig } from '../config/shown-config.js';
import { createDeadLetters } from '../dead-letters/dead-letters.js';
import type { Fleet } from '../fleet/fleet.js';
import type { Ownership } from '../fleet/ownership.js';
import { describeConsumer, describeDelivery, describeProducer } from '../operations/describe-problem.js';
import type { OperationsServer } from '../operations/operations-server.js';
import type { Readiness } from '../operations/readiness.js';
import type { StreamOrchestrator } from '../orchestration/stream-orchestrator.js';
import { createRecordTap } from '../tap/record-tap.js';
import type { CommandTimeline } from '../timeline/command-timeline.js';
import type { Breakers } from './breakers.js';
import type { CommandConsumers } from './command-consumers.js';
import type { Foundation } from './foundation.js';
import type { Producers } from './producers.js';
import type { RecordDelivery } from './record-delivery.js';

export interface OperationsParts extends Foundation {
  readonly operations: OperationsServer;
  readonly readiness: Readiness;
  readonly orchestrator: Pick<StreamOrchestrator, 'books'>;
  readonly consumers: CommandConsumers;
  readonly producers: Producers;
  readonly breakers: Breakers;
  readonly records: Pick<RecordDelivery, 'status'>;
  readonly fleet: Pick<Fleet, 'report'>;
  readonly ownership: Pick<Ownership, 'list'>;
  readonly commands: CommandTimeline;
}

/** Shows the parts of a gateway to its operators, and lets readiness watch them. */
export function serveOperations(parts: OperationsParts): void {
  const { config, transport, clock, operations, readiness, orchestrator, consumers, producers, records, fleet } = parts;
  for (const { topic, state } of consumers.watched()) {
    readiness.watch(`the consumer of ${topic}`, () => describeConsumer(state()));
  }
  for (const producer of [producers.events, producers.records]) {
    readiness.watch(`the producer of ${producer.name}`, () => describeProducer(producer));
  }
  readiness.watch('room for records', () => describeDelivery(records.status));
  readiness.watch('redis', () => (fleet.report().store === 'away' ? 'away; new streams wait' : undefined));
  const tap = createRecordTap({ clock });
  operations.serve({
    now: () => Math.round(clock.now()),
    report: () => orchestrator.books.report(),
    totals: () => orchestrator.books.totals(),
    breakers: parts.breakers,
    spool: () => (records.status.spool ? records.status : null),
    deadLetters: createDeadLetters({
      transport,
      clock,
      topic: config.topics.dlq,
      mayReplayTo: [config.topics.command, config.topics.disconnection],
      groupId: config.kafka.groupId,
    }),
    config: () => shownConfig(config),
    fleet: () => fleet.report(),
    leases: () => parts.ownership.list(),
    commands: parts.commands,
    tap(stream, perSecond, onSecond) {
      const publisher = orchestrator.books.publishers.find(({ target }) => targetKey(target) === stream);
      return publisher ? (tap.read(publisher, perSecond, onSecond) ?? 'full') : 'unknown';
    },
  });
}

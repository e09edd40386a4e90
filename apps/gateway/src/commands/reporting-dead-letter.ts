import { CommandRejection, type DeadLetter } from '@naru/kafka-clients';
import type { EventPublisher } from '../events/event-publisher.js';

/** A dead letter that also tells of messages that are no valid command; what was refused later is told by whoever did. */
export function reportingDeadLetter(letters: DeadLetter, events: Pick<EventPublisher, 'failed'>): DeadLetter {
  return {
    async publish(message, failure, headers) {
      const { error } = failure;
      if (error instanceof CommandRejection) {
        const correlationId = headers?.['correlation-id'];
        events.failed({
          // Without a failing field it was no JSON.
          boundary: error.failures.length === 0 ? 'deserialization' : 'command',
          error,
          ...(typeof correlationId === 'string' && { correlationId }),
          context: { topic: message.topic, partition: message.partition, offset: message.offset },
        });
      }
      await letters.publish(message, failure, headers);
    },
  };
}

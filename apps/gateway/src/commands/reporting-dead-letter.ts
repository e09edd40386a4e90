import { CommandRejection, type DeadLetter } from '@naru/kafka-clients';
import type { EventPublisher } from '../events/event-publisher.js';
import { type CommandProgress, unfollowed } from '../orchestration/command-progress.js';
import { placeOf } from './place-of.js';

/** A dead letter that also tells of messages that are no valid command; what was refused later is told by whoever did. */
export function reportingDeadLetter(
  letters: DeadLetter,
  events: Pick<EventPublisher, 'failed'>,
  progress: CommandProgress = unfollowed,
): DeadLetter {
  return {
    async publish(message, failure, headers) {
      const { error } = failure;
      const correlationId = headers?.['correlation-id'] ?? message.headers['correlation-id']?.toString();
      if (error instanceof CommandRejection) {
        events.failed({
          // Without a failing field it was no JSON.
          boundary: error.failures.length === 0 ? 'deserialization' : 'command',
          error,
          ...(typeof correlationId === 'string' && { correlationId }),
          context: { topic: message.topic, partition: message.partition, offset: message.offset },
        });
      }
      await letters.publish(message, failure, headers);
      progress.note(typeof correlationId === 'string' ? correlationId : placeOf(message), {
        step: 'dead_lettered',
        reason: error instanceof Error ? error.message : String(error),
      });
    },
  };
}

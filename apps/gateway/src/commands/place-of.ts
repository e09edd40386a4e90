import type { ReceivedMessage } from '@naru/kafka-clients';

/** Where a message stands, such as `ws.command 2@41`: the name of a command that has no correlation id. */
export function placeOf({ topic, partition, offset }: Pick<ReceivedMessage, 'topic' | 'partition' | 'offset'>): string {
  return `${topic} ${partition}@${offset}`;
}

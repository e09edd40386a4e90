import type { KafkajsConsumerGroup } from './internals.js';

/**
 * Fixes where a group begins to read, once, when a member first gets a partition that the group has no offset for.
 *
 * Left to the first fetch, "from the end" is where the end will be by then: what was sent between joining and fetching,
 * or while a group that had nothing to commit yet was away, would never be read.
 */
export async function settleFirstPositions(group: KafkajsConsumerGroup, groupId: string): Promise<void> {
  const topics = group
    .assigned()
    .filter(({ partitions }) => partitions.length > 0)
    .map(({ topic, partitions }) => ({ topic, partitions: partitions.map((partition) => ({ partition })) }));
  if (topics.length === 0) return;
  const offsets = group.offsetManager;
  const coordinator = await offsets.getCoordinator();
  const { responses } = await coordinator.offsetFetch({ groupId, topics });
  const unset = responses
    .map(({ topic, partitions }) => ({ topic, partitions: partitions.filter(({ offset }) => Number(offset) < 0) }))
    .filter(({ partitions }) => partitions.length > 0);
  if (unset.length === 0) return;
  await offsets.resolveOffsets();
  await group.commitOffsets({
    topics: unset.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition }) => ({
        partition,
        offset: offsets.nextOffset(topic, partition).toString(),
        metadata: null,
      })),
    })),
  });
}

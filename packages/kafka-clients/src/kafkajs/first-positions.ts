import type { OffsetToCommit, TransportConsumerOptions } from '../transport/transport-consumer.js';
import type { KafkajsConsumerGroup } from './internals.js';

/**
 * Fixes where a group begins to read, once, when a member first gets a partition that the group has no offset for.
 *
 * Left to the first fetch, "from the end" is where the end will be by then: what was sent between joining and fetching,
 * or while a group that had nothing to commit yet was away, would never be read.
 */
export async function settleFirstPositions(
  group: KafkajsConsumerGroup,
  { groupId, firstOffsets = [] }: Pick<TransportConsumerOptions, 'groupId' | 'firstOffsets'>,
): Promise<void> {
  const topics = group
    .assigned()
    .filter(({ partitions }) => partitions.length > 0)
    .map(({ topic, partitions }) => ({ topic, partitions: partitions.map((partition) => ({ partition })) }));
  if (topics.length === 0) return;
  const offsets = group.offsetManager;
  const coordinator = await offsets.getCoordinator();
  const { responses } = await coordinator.offsetFetch({ groupId, topics });
  const unset = responses.flatMap(({ topic, partitions }) =>
    partitions.flatMap(({ partition, offset }) => (Number(offset) < 0 ? [{ topic, partition }] : [])),
  );
  if (unset.length === 0) return;
  const given = unset.flatMap(
    ({ topic, partition }) =>
      firstOffsets.find((first) => first.topic === topic && first.partition === partition) ?? [],
  );
  // Committed before anything is resolved: resolving finds them as if the group had been there before.
  if (given.length > 0) await commit(group, given);
  if (given.length === unset.length) return;
  await offsets.resolveOffsets();
  await commit(
    group,
    unset.map(({ topic, partition }) => ({
      topic,
      partition,
      offset: offsets.nextOffset(topic, partition).toString(),
    })),
  );
}

async function commit(group: KafkajsConsumerGroup, positions: readonly OffsetToCommit[]): Promise<void> {
  await group.commitOffsets({
    topics: [...new Set(positions.map(({ topic }) => topic))].map((topic) => ({
      topic,
      partitions: positions.flatMap((position) =>
        position.topic === topic ? [{ partition: position.partition, offset: position.offset, metadata: null }] : [],
      ),
    })),
  });
}

import type { FetchedBatch, FetchedRecord, TopicPartition } from '../transport/transport-consumer.js';
import {
  decodeFetchResponse,
  FETCH_VERSION,
  type FetchedPartition,
  type FetchResponse,
} from './direct/fetch-response-decoder.js';
import { decodeRecordBatches, type UnpackRoom } from './direct/record-batch-decoder.js';
import {
  type KafkajsBatch,
  type KafkajsBroker,
  type KafkajsCluster,
  type KafkajsConsumerGroup,
  type KafkajsOffsetManager,
  kafkajsInternals,
} from './internals.js';
import { translateErrorCode } from './translate-error.js';
import { unpack } from './unpack.js';

export interface GroupFetcherOptions {
  readonly cluster: KafkajsCluster;
  readonly group: KafkajsConsumerGroup;
  readonly maxBytesPerPartition: number;
  readonly maxUnpackedBytes: number;
  isPaused(at: TopicPartition): boolean;
}

const OFFSET_OUT_OF_RANGE = 1;

interface Position extends TopicPartition {
  readonly offset: string;
}

/**
 * Fetches what the group's member has of one broker and moves its positions on. Answers are decoded directly where the
 * broker speaks the version that the decoder knows, else by kafkajs.
 */
export class GroupFetcher {
  readonly #options: GroupFetcherOptions;

  constructor(options: GroupFetcherOptions) {
    this.#options = options;
  }

  /** How many of the member's partitions on that broker are to be fetched. */
  activePartitions(nodeId: string): number {
    return this.#assignedTo(nodeId).filter((at) => !this.#options.isPaused(at)).length;
  }

  async fetch(nodeId: string, maxWaitMs: number): Promise<readonly FetchedBatch[]> {
    const { cluster, group } = this.#options;
    await cluster.refreshMetadataIfNecessary();
    const broker = await cluster.findBroker({ nodeId });
    // A fetch may end after the group has changed: then it must not move the positions of the new generation.
    const offsets = group.offsetManager;
    const { apiKeys, requests } = kafkajsInternals();
    const fetch = broker.lookupRequest(apiKeys.Fetch!, requests.Fetch);
    if (fetch({ topics: [] }).request.apiVersion !== FETCH_VERSION) {
      group.maxWaitTime = maxWaitMs;
      return (await group.fetch(nodeId)).flatMap((batch) => this.#fromStock(batch, offsets));
    }
    group.checkForStaleAssignment();
    await group.seekOffsets(group.filterPartitionsByNode(nodeId, group.assigned()));
    const positions = this.#positions(nodeId, offsets);
    if (positions.length === 0) return [];
    const response = await this.#ask(broker, fetch, positions, maxWaitMs);
    if (response.errorCode !== 0) throw translateErrorCode(response.errorCode, `Fetching from broker ${nodeId} failed`);
    const batches: FetchedBatch[] = [];
    const { maxUnpackedBytes } = this.#options;
    const room: UnpackRoom = { maxBytes: maxUnpackedBytes, left: maxUnpackedBytes };
    let failure: number | undefined;
    for (const partition of response.partitions) {
      const position = positions.find(
        ({ topic, partition: number }) => topic === partition.topic && number === partition.partition,
      );
      if (!position) continue;
      if (partition.errorCode === 0) {
        const batch = await this.#decode(partition, position, offsets, room);
        if (batch) batches.push(batch);
      } else if (partition.errorCode === OFFSET_OUT_OF_RANGE) {
        await offsets.setDefaultOffset({ topic: partition.topic, partition: partition.partition });
      } else failure ??= partition.errorCode;
    }
    // Partitions that answered are handed over first: the error of one must not hold up the others.
    if (failure !== undefined && batches.length === 0)
      throw translateErrorCode(failure, `Fetching from broker ${nodeId} failed`);
    return batches;
  }

  #assignedTo(nodeId: string): TopicPartition[] {
    const { group } = this.#options;
    return group
      .filterPartitionsByNode(nodeId, group.assigned())
      .flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
  }

  #positions(nodeId: string, offsets: KafkajsOffsetManager): Position[] {
    const { isPaused } = this.#options;
    const committed = offsets.committedOffsets();
    return this.#assignedTo(nodeId)
      .filter((at) => !isPaused(at) && committed[at.topic]?.[at.partition] != null)
      .map((at) => ({ ...at, offset: offsets.nextOffset(at.topic, at.partition).toString() }));
  }

  async #ask(
    broker: KafkajsBroker,
    fetch: ReturnType<KafkajsBroker['lookupRequest']>,
    positions: readonly Position[],
    maxWaitMs: number,
  ): Promise<FetchResponse> {
    const { maxBytesPerPartition } = this.#options;
    const pair = fetch({
      maxWaitTime: maxWaitMs,
      minBytes: 1,
      maxBytes: 10 * maxBytesPerPartition,
      isolationLevel: 1,
      rackId: '',
      topics: shuffled(positions).map(({ topic, partition, offset }) => ({
        topic,
        partitions: [{ partition, fetchOffset: offset, maxBytes: maxBytesPerPartition }],
      })),
    });
    const response = {
      decode: async (payload: Buffer) => decodeFetchResponse(payload),
      parse: async (decoded: unknown) => decoded,
    };
    return (await broker.connectionPool.send({ ...pair, response })) as FetchResponse;
  }

  async #decode(
    partition: FetchedPartition,
    position: Position,
    offsets: KafkajsOffsetManager,
    room: UnpackRoom,
  ): Promise<FetchedBatch | undefined> {
    const { isPaused } = this.#options;
    const at = { topic: partition.topic, partition: partition.partition };
    // Paused while the fetch was under way: the records come again.
    if (partition.bytes.length === 0 || isPaused(at)) return undefined;
    const { records, nextOffset } = await decodeRecordBatches(
      partition.bytes,
      at,
      BigInt(position.offset),
      partition.aborted,
      unpack,
      room,
    );
    if (nextOffset === undefined || isPaused(at)) return undefined;
    offsets.resolveOffset({ ...at, offset: (BigInt(nextOffset) - 1n).toString() });
    // As records are read that are committed, those of open transactions do not count as left behind.
    return { ...at, records, highWatermark: partition.lastStableOffset, nextOffset };
  }

  #fromStock(batch: KafkajsBatch, offsets: KafkajsOffsetManager): FetchedBatch[] {
    const { topic, partition, highWatermark } = batch;
    if (this.#options.isPaused(batch) || (batch.isEmpty() && !batch.isEmptyDueToFiltering())) return [];
    offsets.resolveOffset({ topic, partition, offset: batch.lastOffset() });
    const records = batch.messages.map(
      ({ offset, key, value, headers, timestamp }): FetchedRecord => ({
        topic,
        partition,
        offset,
        key,
        value,
        headers,
        timestamp: Number(timestamp),
      }),
    );
    const nextOffset = (BigInt(batch.lastOffset()) + 1n).toString();
    return [{ topic, partition, highWatermark, records, nextOffset }];
  }
}

/** A broker fills its answer in the order asked for: the first ones must not always be the same (KIP-74). */
function shuffled<T>(values: readonly T[]): T[] {
  const result = [...values];
  for (let left = result.length - 1; left > 0; left -= 1) {
    const other = Math.floor(Math.random() * (left + 1));
    [result[left], result[other]] = [result[other]!, result[left]!];
  }
  return result;
}

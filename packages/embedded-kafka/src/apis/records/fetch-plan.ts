import type { Partition } from '../../cluster/partition.js';
import type { Topic } from '../../cluster/topic.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { RequestContext } from '../request-context.js';
import type { FetchPartition, FetchRequest, FetchResponse, FetchTopic } from './fetch.js';
import { type FetchedPartition, failedFetch, NO_RECORDS } from './fetched-partition.js';

const READ_COMMITTED = 1;

/** What one fetch asks for, matched with the partitions it names. */
export class FetchPlan {
  readonly #context: RequestContext;
  readonly #body: FetchRequest;
  readonly #committedOnly: boolean;

  constructor(context: RequestContext, body: FetchRequest) {
    this.#context = context;
    this.#body = body;
    this.#committedOnly = body.isolationLevel === READ_COMMITTED;
  }

  /** Partitions whose change may make the answer ready. */
  partitions(): readonly Partition[] {
    return this.#body.topics.flatMap((wanted) => {
      const topic = this.#topic(wanted);
      return wanted.partitions.flatMap(({ partition }) => topic?.partitions[partition] ?? []);
    });
  }

  /** Whether there is enough to answer: the wanted bytes, or an error that the client should know at once. */
  isReady(): boolean {
    let bytes = 0;
    for (const wanted of this.#body.topics) {
      const topic = this.#topic(wanted);
      for (const ask of wanted.partitions) {
        const partition = topic?.partitions[ask.partition];
        if (!partition || this.#problem(partition, ask) !== ErrorCode.NONE) return true;
        const available = partition.log.availableFrom(ask.fetchOffset, this.#committedOnly);
        bytes += Math.min(available, Math.max(ask.partitionMaxBytes, 0) || available);
      }
    }
    return bytes >= this.#body.minBytes || this.#body.topics.length === 0;
  }

  answer(): FetchResponse {
    let left = Math.min(this.#body.maxBytes, this.#context.cluster.maxFetchBytes);
    let isFirst = true;
    const responses = this.#body.topics.map((wanted) => {
      const topic = this.#topic(wanted);
      const partitions = wanted.partitions.map((ask) => {
        const fetched = this.#read(wanted, topic, ask, left, isFirst);
        const bytes = fetched.records?.length ?? 0;
        if (bytes > 0) isFirst = false;
        left -= bytes;
        return fetched;
      });
      return { topic: wanted.topic, topicId: wanted.topicId, partitions };
    });
    return { throttleTimeMs: 0, errorCode: ErrorCode.NONE, sessionId: 0, responses };
  }

  /** Within the request's bytes; only its first batch may be larger, so that a consumer is never stuck before a big one. */
  #read(
    wanted: FetchTopic,
    topic: Topic | undefined,
    ask: FetchPartition,
    left: number,
    isFirst: boolean,
  ): FetchedPartition {
    const partition = topic?.partitions[ask.partition];
    if (!partition) return failedFetch(ask.partition, this.#unknown(wanted));
    const problem = this.#problem(partition, ask);
    if (problem !== ErrorCode.NONE) return failedFetch(ask.partition, problem);
    const { log } = partition;
    const maxBytes = Math.min(ask.partitionMaxBytes, left);
    let records =
      left > 0 || isFirst ? (log.read(ask.fetchOffset, maxBytes, this.#committedOnly) ?? NO_RECORDS) : NO_RECORDS;
    if (!isFirst && records.length > left) records = NO_RECORDS;
    this.#context.cluster.counters.recordBytesOut += records.length;
    return {
      partitionIndex: ask.partition,
      errorCode: ErrorCode.NONE,
      highWatermark: log.endOffset,
      lastStableOffset: log.lastStableOffset,
      logStartOffset: log.startOffset,
      abortedTransactions: this.#committedOnly ? log.abortedBetween(ask.fetchOffset, log.lastStableOffset) : null,
      preferredReadReplica: -1,
      records,
    };
  }

  #problem(partition: Partition, ask: FetchPartition): number {
    if (partition.leaderId !== this.#context.nodeId) return ErrorCode.NOT_LEADER_OR_FOLLOWER;
    if (ask.currentLeaderEpoch >= 0 && ask.currentLeaderEpoch < partition.leaderEpoch)
      return ErrorCode.FENCED_LEADER_EPOCH;
    if (ask.currentLeaderEpoch > partition.leaderEpoch) return ErrorCode.UNKNOWN_LEADER_EPOCH;
    const { startOffset, endOffset } = partition.log;
    return ask.fetchOffset < startOffset || ask.fetchOffset > endOffset
      ? ErrorCode.OFFSET_OUT_OF_RANGE
      : ErrorCode.NONE;
  }

  #unknown({ topic }: FetchTopic): number {
    return topic === '' && this.#context.apiVersion >= 13
      ? ErrorCode.UNKNOWN_TOPIC_ID
      : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  }

  #topic({ topic, topicId }: FetchTopic): Topic | undefined {
    const { topics } = this.#context.cluster;
    return this.#context.apiVersion >= 13 ? topics.byId(topicId) : topics.get(topic);
  }
}

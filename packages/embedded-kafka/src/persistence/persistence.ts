import { mkdirSync } from 'node:fs';
import type { Cluster } from '../cluster/cluster.js';
import type { Partition, PartitionObserver } from '../cluster/partition.js';
import type { Topic } from '../cluster/topic.js';
import { EmbeddedKafkaError } from '../embedded-kafka-error.js';
import { BATCH_HEADER_BYTES, batchSize, hasRightChecksum } from '../log/record-batch.js';
import type { Segment } from '../log/segment.js';
import { controlBatch } from '../transactions/control-batch.js';
import { lockDirectory } from './directory-lock.js';
import { SegmentFiles, type StoredSegment } from './segment-files.js';
import { StateFile, type StoredState } from './state-file.js';

/** Wait before committed offsets and the like are written, so that many changes cost one write. */
const WRITE_DELAY_MS = 100;
/** Producer ids that may have been given out since the state was last written. */
const PRODUCER_ID_MARGIN = 100_000;

/** Bytes of the sound batches at the beginning of a file. */
function soundLength(bytes: Buffer): number {
  let at = 0;
  for (;;) {
    const size = batchSize(bytes, at);
    if (size < BATCH_HEADER_BYTES || at + size > bytes.length || !hasRightChecksum(bytes, at, size)) return at;
    at += size;
  }
}

/** Keeps a cluster in a directory: records as they come, the rest soon after it changed. */
export class Persistence implements Pick<PartitionObserver, 'storing' | 'dropped'> {
  readonly #cluster: Cluster;
  readonly #files: SegmentFiles;
  readonly #state: StateFile;
  readonly #unlock: () => void;
  readonly #topicIds = new Map<string, string>();
  #cancelWrite: (() => void) | undefined;

  private constructor(cluster: Cluster, directory: string) {
    this.#cluster = cluster;
    this.#files = new SegmentFiles(directory);
    this.#state = new StateFile(directory);
    this.#unlock = lockDirectory(directory);
  }

  /** Reads the directory into an empty cluster and follows its changes from then on. */
  static open(cluster: Cluster, directory: string): Persistence {
    try {
      mkdirSync(directory, { recursive: true });
    } catch (cause) {
      throw new EmbeddedKafkaError(
        `Option "dataDir" is ${directory}, which cannot be created; give a directory that can be written to.`,
        {
          code: 'invalid_option',
          cause,
        },
      );
    }
    const persistence = new Persistence(cluster, directory);
    try {
      const state = persistence.#state.read();
      if (state) persistence.#restore(state);
    } catch (error) {
      persistence.#unlock();
      throw error;
    }
    cluster.follow({
      observer: persistence,
      topicsChanged: () => persistence.#topicsChanged(),
      changed: () => persistence.#writeSoon(),
    });
    for (const topic of cluster.topics.all()) persistence.#endOpenTransactions(topic);
    return persistence;
  }

  storing(partition: Partition, batch: Buffer, segment: Segment): void {
    this.#files.append(this.#idOf(partition), partition.index, segment.baseOffset, batch);
  }

  dropped(partition: Partition, segment: Segment): void {
    this.#files.remove(this.#idOf(partition), partition.index, segment.baseOffset);
    this.#writeSoon();
  }

  close(): void {
    this.#write();
    this.#files.close();
    this.#unlock();
  }

  #idOf(partition: Partition): string {
    return this.#topicIds.get(partition.topicName)!;
  }

  #topicsChanged(): void {
    for (const [name, id] of this.#topicIds) {
      if (this.#cluster.topics.get(name)?.id === id) continue;
      this.#topicIds.delete(name);
      this.#files.removeTopic(id);
    }
    for (const { name, id } of this.#cluster.topics.all()) this.#topicIds.set(name, id);
    this.#write();
  }

  #writeSoon(): void {
    this.#cancelWrite ??= this.#cluster.clock.schedule(WRITE_DELAY_MS, () => this.#write());
  }

  #write(): void {
    this.#cancelWrite?.();
    this.#cancelWrite = undefined;
    const { topics, groups } = this.#cluster;
    this.#state.write({
      clusterId: this.#cluster.clusterId,
      producerIdsEnd: this.#cluster.producerIdsEnd,
      topics: [...topics.all()].map(({ name, id, configs, partitions }) => ({
        name,
        id,
        configs: Object.fromEntries(configs),
        partitions: partitions.map(({ replicas, log }) => ({ replicas, startOffset: log.startOffset })),
      })),
      groups: [...groups.all()].map((group) => ({ id: group.id, offsets: [...group.offsets.entries()] })),
    });
  }

  #restore(state: StoredState): void {
    const cluster = this.#cluster;
    cluster.clusterId = state.clusterId;
    cluster.reserveProducerIds(state.producerIdsEnd + PRODUCER_ID_MARGIN);
    for (const stored of state.topics) {
      const topic = cluster.topics.create({
        name: stored.name,
        id: stored.id,
        partitions: -1,
        replicationFactor: -1,
        configs: new Map(Object.entries(stored.configs)),
        assignments: new Map(stored.partitions.map(({ replicas }, index) => [index, this.#existing(replicas)])),
      });
      if ('errorCode' in topic) {
        throw new EmbeddedKafkaError(`The stored topic "${stored.name}" cannot be created again: ${topic.message}`, {
          code: 'unreadable_directory',
        });
      }
      this.#topicIds.set(topic.name, topic.id);
      for (const partition of topic.partitions)
        this.#readRecords(topic, partition, stored.partitions[partition.index]!.startOffset);
    }
    for (const { id, offsets } of state.groups) {
      const group = cluster.groups.open(id);
      for (const { topic, partition, ...committed } of offsets) group?.offsets.set(topic, partition, committed);
    }
  }

  /** The directory may have been written with more nodes than there are now. */
  #existing(replicas: readonly number[]): readonly number[] {
    const left = replicas.filter((id) => this.#cluster.nodeIds.includes(id));
    return left.length > 0 ? left : this.#cluster.nodeIds.slice(0, 1);
  }

  #readRecords(topic: Topic, partition: Partition, startOffset: number): void {
    partition.log.beginAt(startOffset);
    for (const stored of this.#files.read(topic.id, partition.index)) {
      const length = this.#soundLength(topic, partition, stored);
      if (length > 0) partition.restore(stored.baseOffset, stored.bytes.subarray(0, length));
    }
    partition.log.deleteBefore(startOffset);
  }

  #soundLength(topic: Topic, partition: Partition, { path, bytes }: StoredSegment): number {
    const length = soundLength(bytes);
    if (length < bytes.length) {
      this.#cluster.settings.logger.warn('cut off the unsound end of a segment', {
        topic: topic.name,
        partition: partition.index,
        bytes: bytes.length - length,
      });
      this.#files.truncate(path, length);
    }
    return length;
  }

  /** Transactional ids are not kept, so what was open can never be ended by its producer. */
  #endOpenTransactions(topic: Topic): void {
    const now = Math.trunc(this.#cluster.clock.now());
    for (const { log, leaderEpoch } of topic.partitions) {
      for (const { producerId, epoch } of log.openTransactions()) {
        log.appendMarker(controlBatch(producerId, epoch, false, now), leaderEpoch, false);
      }
    }
  }
}

import { type Logger, silentLogger } from '@naru/core';
import { bestPacking } from '../compression/codecs.js';
import { KafkaClientError } from '../kafka-client-error.js';
import type {
  ProduceBatch,
  ProducerIdentity,
  TransportProducer,
  TransportProducerOptions,
} from '../transport/transport-producer.js';
import type { KafkaTransportOptions } from './connection-options.js';
import { createCluster } from './create-cluster.js';
import { MemoryPool } from './direct/memory-pool.js';
import { encodeProduceRequest, type Pack, type ProduceInput } from './direct/produce-request-encoder.js';
import { directEncoderAgrees } from './direct/self-check.js';
import { sendProduce } from './direct/send-produce.js';
import { type GroupedBatch, groupIntoRequests } from './group-into-requests.js';
import { type KafkajsBroker, type KafkajsCluster, kafkajsInternals, type ProtocolPair } from './internals.js';
import { packWith } from './pack-with.js';
import { compressionTypes, registerCodec } from './registered-codecs.js';
import type { Sockets } from './sockets.js';
import { TopicLeaders } from './topic-leaders.js';
import { translateError, translateErrorCode } from './translate-error.js';

interface PendingBatch extends GroupedBatch {
  resolve(result: { readonly baseOffset: string }): void;
  reject(error: KafkaClientError): void;
}

interface ProduceResponse {
  readonly topics: readonly {
    readonly topicName: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly errorCode: number;
      readonly baseOffset: string;
    }[];
  }[];
}

/** The broker wrote the batch before and has forgotten only at which offset. */
const DUPLICATE_SEQUENCE_NUMBER = 46;

/**
 * Writes through kafkajs's cluster and connections, under its public producer: that one re-sends every partition of a
 * broker when one fails, and keeps a single request in flight per broker. Batches for one broker that are asked for in
 * the same turn of the event loop share requests; each succeeds or fails by itself.
 */
export class KafkajsProducer implements TransportProducer {
  readonly #options: TransportProducerOptions;
  readonly #cluster: KafkajsCluster;
  readonly #sockets: Sockets;
  readonly #leaders: TopicLeaders;
  readonly #pending = new Map<number, PendingBatch[]>();
  readonly #pool: MemoryPool = new MemoryPool();
  readonly #logger: Logger;
  /** The number of the codec in a batch's attributes; 0 for none. */
  #compression = 0;
  /** What the direct encoder packs with, once it has proved to write what stock writes; until then stock encodes. */
  #direct: { readonly pack: Pack | undefined } | undefined;
  #closed = false;

  constructor(transport: KafkaTransportOptions, options: TransportProducerOptions) {
    this.#options = options;
    this.#logger = transport.logger ?? silentLogger;
    const { cluster, sockets } = createCluster(transport, { requestTimeoutMs: options.requestTimeoutMs });
    this.#cluster = cluster;
    this.#sockets = sockets;
    this.#leaders = new TopicLeaders(this.#cluster);
  }

  async connect(): Promise<void> {
    const pack = await this.#preparePacking();
    if (await directEncoderAgrees()) this.#direct = { pack };
    else
      this.#logger.warn(
        'The direct encoder does not write what this kafkajs writes; the slower stock encoder is used.',
      );
    try {
      this.#refuseClosed();
      await this.#cluster.connect();
      await this.#cluster.refreshMetadataIfNecessary();
      this.#refuseClosed();
    } catch (error) {
      this.#refuseClosed(error);
      throw translateError(error, 'Connecting to Kafka failed');
    }
  }

  async #preparePacking(): Promise<Pack | undefined> {
    const { compression } = this.#options;
    if (compression === 'none') return undefined;
    const packing = compression === 'best' ? await bestPacking() : compression;
    this.#compression = compressionTypes[packing];
    return packWith(await registerCodec(packing));
  }

  knownPartitionCount(topic: string): number | undefined {
    return this.#leaders.known(topic)?.length;
  }

  async partitionCount(topic: string): Promise<number> {
    const doing = `Asking for the partitions of ${topic} failed`;
    try {
      const { length } = await this.#leaders.get(topic);
      if (length > 0) return length;
    } catch (error) {
      throw translateError(error, doing);
    }
    throw translateErrorCode(3, doing);
  }

  async initIdentity(): Promise<ProducerIdentity> {
    try {
      if (!this.#cluster.isConnected()) await this.#cluster.connect();
      await this.#cluster.refreshMetadataIfNecessary();
      const broker = await this.#cluster.findControllerBroker();
      const { producerId, producerEpoch } = await broker.initProducerId({ transactionTimeout: 60_000 });
      return { producerId: String(producerId), producerEpoch };
    } catch (error) {
      this.#leaders.invalidate();
      const translated = translateError(error, 'Asking for a producer id failed');
      // The identity is asked for again with the batch that needs it; nothing has been written.
      throw new KafkaClientError(translated.message, {
        code: translated.code,
        retryable: translated.retryable || translated.code === 'broker_error',
        cause: error,
      });
    }
  }

  async produce(batch: ProduceBatch): Promise<{ readonly baseOffset: string }> {
    const { topic, partition } = batch;
    let leaders: readonly number[];
    try {
      await this.#cluster.refreshMetadataIfNecessary();
      leaders = await this.#leaders.get(topic);
    } catch (error) {
      throw translateError(error, `Finding the leader of ${topic}/${partition} failed`);
    }
    const leader = leaders[partition];
    if (leader === undefined || leader < 0) {
      this.#leaders.invalidate();
      throw translateErrorCode(5, `${topic}/${partition} has no leader now`);
    }
    return new Promise((resolve, reject) => {
      const waiting = this.#pending.get(leader);
      if (waiting) {
        waiting.push({ batch, resolve, reject });
        return;
      }
      const together: PendingBatch[] = [{ batch, resolve, reject }];
      this.#pending.set(leader, together);
      queueMicrotask(() => {
        this.#pending.delete(leader);
        for (const group of groupIntoRequests(together)) void this.#request(leader, group);
      });
    });
  }

  async #request(leader: number, group: readonly PendingBatch[]): Promise<void> {
    try {
      const broker = await this.#cluster.findBroker({ nodeId: leader });
      const input = this.#input(group);
      const pair = this.#pair(broker, input);
      const response = (await (this.#direct
        ? sendProduce(
            broker,
            pair,
            (room) => encodeProduceRequest(input, this.#direct!.pack, room, this.#pool),
            this.#pool,
          )
        : broker.connectionPool.send(pair))) as ProduceResponse | undefined;
      this.#settle(group, response);
    } catch (thrown) {
      this.#leaders.invalidate();
      const error = translateError(thrown, `Writing to broker ${leader} failed`, true);
      for (const pending of group) pending.reject(error);
    }
  }

  #input(group: readonly PendingBatch[]): ProduceInput {
    const { identity } = group[0]!.batch;
    return {
      acks: this.#options.acks,
      timeout: this.#options.requestTimeoutMs,
      compression: this.#compression,
      transactionalId: null,
      ...(identity && { producerId: identity.producerId, producerEpoch: identity.producerEpoch }),
      topicData: topicData(group),
    };
  }

  #pair(broker: KafkajsBroker, input: ProduceInput): ProtocolPair {
    const { apiKeys, requests } = kafkajsInternals();
    const pair = broker.lookupRequest(apiKeys.Produce!, requests.Produce)(input);
    if (pair.request.apiVersion < 3) {
      throw new KafkaClientError(
        'The broker is older than Kafka 0.11 and knows no record batches. Use a newer broker.',
        {
          code: 'broker_error',
        },
      );
    }
    // kafkajs's own `parse` throws the first partition's error for all of them.
    return { ...pair, response: { decode: pair.response.decode, parse: async (decoded) => decoded } };
  }

  #settle(group: readonly PendingBatch[], response: ProduceResponse | undefined): void {
    const results = new Map<string, { readonly errorCode: number; readonly baseOffset: string }>();
    for (const { topicName, partitions } of response?.topics ?? []) {
      for (const partition of partitions) results.set(`${topicName}/${partition.partition}`, partition);
    }
    for (const { batch, resolve, reject } of group) {
      const where = `${batch.topic}/${batch.partition}`;
      const result = results.get(where);
      if (!response || result?.errorCode === DUPLICATE_SEQUENCE_NUMBER) resolve({ baseOffset: '-1' });
      else if (!result) {
        reject(
          new KafkaClientError(`The broker's answer left out ${where}.`, {
            code: 'broker_error',
            retryable: true,
            possiblyWritten: true,
          }),
        );
      } else if (result.errorCode === 0) resolve({ baseOffset: result.baseOffset });
      else {
        const error = translateErrorCode(result.errorCode, `Writing to ${where} failed`);
        if (error.code === 'not_leader' || error.code === 'unknown_topic') this.#leaders.invalidate();
        reject(error);
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#cluster.disconnect();
    this.#sockets.close();
  }

  #refuseClosed(cause?: unknown): void {
    if (this.#closed)
      throw new KafkaClientError('The producer was closed while it connected.', { code: 'closed', cause });
  }
}

function topicData(group: readonly PendingBatch[]): ProduceInput['topicData'] {
  const topics = new Map<string, ProduceInput['topicData'][number]['partitions'][number][]>();
  for (const { batch } of group) {
    const entry = { partition: batch.partition, firstSequence: batch.firstSequence ?? 0, messages: batch.records };
    const partitions = topics.get(batch.topic);
    if (partitions) partitions.push(entry);
    else topics.set(batch.topic, [entry]);
  }
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }));
}

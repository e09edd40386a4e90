import { silentLogger } from '@naru/core';
import { KafkaClientError } from '../kafka-client-error.js';
import type {
  OffsetToCommit,
  TopicPartition,
  TransportConsumer,
  TransportConsumerEvents,
  TransportConsumerOptions,
} from '../transport/transport-consumer.js';
import type { KafkaTransportOptions } from './connection-options.js';
import { createCluster } from './create-cluster.js';
import { settleFirstPositions } from './first-positions.js';
import { GroupFetcher } from './group-fetcher.js';
import { type KafkajsCluster, type KafkajsConsumerGroup, kafkajsInternals } from './internals.js';
import { leaveGroupApart } from './leave-group.js';
import { registerInstalledCodecs } from './registered-codecs.js';
import type { Sockets } from './sockets.js';
import { translateError } from './translate-error.js';
import { Waits } from './waits.js';
import { watchMemberId } from './watch-member-id.js';

type State = 'new' | 'joining' | 'fetching' | 'revoking' | 'closed';

/** A fetch for partitions that share a broker with a paused one comes back soon, to notice the resumption. */
const SHORT_WAIT_MS = 20;

const JOIN_PATIENCE_MS = 60_000;

/** What passes by itself while a member joins and finds its first positions. */
const PASSING: ReadonlySet<string> = new Set([
  'coordinator_unavailable',
  'group_rebalancing',
  'membership_lost',
  'not_leader',
]);

/**
 * Membership, offsets and fetching through kafkajs's `ConsumerGroup`, with a loop of our own in place of its runner:
 * that one waits for every handler before the next fetch, beats only between messages and stops for good on a TypeError.
 * Here fetching, heartbeats and handling are three separate things.
 */
export class KafkajsConsumer implements TransportConsumer {
  readonly #transport: KafkaTransportOptions;
  readonly #options: TransportConsumerOptions;
  readonly #cluster: KafkajsCluster;
  readonly #sockets: Sockets;
  readonly #group: KafkajsConsumerGroup;
  readonly #fetcher: GroupFetcher;
  readonly #logger: KafkaTransportOptions['logger'];
  readonly #paused = new Set<string>();
  #events: TransportConsumerEvents | undefined;
  #state: State = 'new';
  /** The broker holds its answer to a join until the whole group has joined. */
  #joinPending = false;
  /** Under which the group knows this member, also before it has joined. */
  #memberId: string | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #beating = false;
  /** Resolves to end the fetch loops of one generation. */
  #endGeneration: ((reason: unknown) => void) | undefined;
  /** Until there may be something to fetch, or to try again. */
  readonly #waits = new Waits();
  #loop: Promise<void> = Promise.resolve();

  constructor(transport: KafkaTransportOptions, options: TransportConsumerOptions) {
    this.#transport = transport;
    this.#options = options;
    this.#logger = transport.logger ?? silentLogger;
    const { cluster, kafkajsLogger, emitter, retry, sockets } = createCluster(transport, { requestTimeoutMs: 30_000 });
    watchMemberId(cluster, (memberId) => {
      this.#memberId = memberId;
    });
    const { ConsumerGroup, roundRobin } = kafkajsInternals();
    this.#cluster = cluster;
    this.#sockets = sockets;
    this.#group = new ConsumerGroup({
      logger: kafkajsLogger,
      topics: [...options.topics],
      topicConfigurations: Object.fromEntries(
        options.topics.map((topic) => [topic, { fromBeginning: options.fromBeginning }]),
      ),
      retry,
      cluster,
      groupId: options.groupId,
      assigners: [roundRobin({ groupId: options.groupId, logger: kafkajsLogger, cluster })],
      sessionTimeout: options.sessionTimeoutMs,
      rebalanceTimeout: options.rebalanceTimeoutMs,
      maxBytesPerPartition: options.maxBytesPerPartition,
      minBytes: 1,
      maxBytes: 10 * options.maxBytesPerPartition,
      maxWaitTimeInMs: options.maxWaitMs,
      instrumentationEmitter: emitter,
      isolationLevel: 1,
      rackId: '',
      metadataMaxAge: transport.metadataMaxAgeMs ?? 300_000,
      autoCommit: false,
      autoCommitInterval: null,
      autoCommitThreshold: null,
    });
    this.#fetcher = new GroupFetcher({
      cluster,
      group: this.#group,
      maxBytesPerPartition: options.maxBytesPerPartition,
      maxUnpackedBytes: options.maxUnpackedBytes,
      isPaused: ({ topic, partition }) => this.#paused.has(`${topic}/${partition}`),
    });
    const recover = this.#group.recoverFromFetch.bind(this.#group);
    this.#group.recoverFromFetch = async (error) => {
      if (error.name === 'KafkaJSOffsetOutOfRange') return recover(error);
      throw error;
    };
  }

  async start(events: TransportConsumerEvents): Promise<void> {
    if (this.#state !== 'new') throw new KafkaClientError('A membership starts only once.', { code: 'closed' });
    this.#events = events;
    this.#state = 'joining';
    try {
      for (const step of [
        () => registerInstalledCodecs(),
        () => this.#cluster.connect(),
        () => this.#cluster.addMultipleTargetTopics(this.#options.topics),
        () => this.#group.connect(),
        () => this.#join(),
      ]) {
        await step();
        if (this.#closed()) throw closedWhileJoining(this.#options.groupId);
      }
    } catch (error) {
      if (this.#closed()) throw closedWhileJoining(this.#options.groupId, error);
      await this.close();
      throw translateError(error, `Joining the group ${this.#options.groupId} failed`);
    }
    this.#loop = this.#run();
  }

  pause({ topic, partition }: TopicPartition): void {
    this.#paused.add(`${topic}/${partition}`);
    this.#group.pause([{ topic, partitions: [partition] }]);
  }

  resume({ topic, partition }: TopicPartition): void {
    this.#paused.delete(`${topic}/${partition}`);
    this.#group.resume([{ topic, partitions: [partition] }]);
    this.#waits.endAll();
  }

  async commit(offsets: readonly OffsetToCommit[]): Promise<void> {
    const topics = new Map<string, { partition: number; offset: string; metadata: null }[]>();
    for (const { topic, partition, offset } of offsets) {
      const entry = { partition, offset, metadata: null };
      const partitions = topics.get(topic);
      if (partitions) partitions.push(entry);
      else topics.set(topic, [entry]);
    }
    try {
      await this.#group.commitOffsets({ topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })) });
    } catch (error) {
      throw translateError(error, `Committing offsets of the group ${this.#options.groupId} failed`);
    }
  }

  async close(): Promise<void> {
    if (this.#closed()) return;
    this.#state = 'closed';
    this.#stopHeartbeat();
    this.#endGeneration?.(undefined);
    this.#waits.endAll();
    try {
      if (this.#joinPending) await this.#leaveWhileJoining();
      else await this.#group.leave();
    } catch (error) {
      this.#logger?.debug('Leaving the group failed; the broker will notice by the session timeout.', { error });
    }
    await this.#cluster.disconnect();
    this.#sockets.close();
    await this.#loop;
  }

  /** A leave behind the join would wait as long as the join does, so it goes another way; then the join is given up. */
  async #leaveWhileJoining(): Promise<void> {
    const { groupId } = this.#options;
    const memberId = this.#memberId;
    // A member that is not known any more would join again under another name.
    this.#cluster.findGroupCoordinator = () => Promise.reject(closedWhileJoining(groupId));
    try {
      if (memberId) await leaveGroupApart(this.#transport, { groupId, memberId });
    } finally {
      this.#sockets.cutAll();
    }
  }

  /** A new cluster needs some seconds to create the topic in which groups live, and a moved coordinator to load it. */
  async #join(): Promise<void> {
    const deadline = performance.now() + JOIN_PATIENCE_MS;
    for (;;) {
      try {
        this.#joinPending = true;
        await this.#group.joinAndSync().finally(() => {
          this.#joinPending = false;
        });
        await settleFirstPositions(this.#group, this.#options);
        return;
      } catch (error) {
        const { code } = translateError(error, 'Joining failed');
        if (!PASSING.has(code) || this.#closed() || performance.now() >= deadline) throw error;
        if (code === 'membership_lost') this.#group.memberId = null;
        await this.#waits.for(200);
        if (code === 'not_leader') await this.#refreshMetadata();
      }
    }
  }

  #closed(): boolean {
    return this.#state === 'closed';
  }

  /** One pass per generation: tell the assignment, fetch until the group changes, hand back, rejoin. */
  async #run(): Promise<void> {
    const events = this.#events!;
    while (!this.#closed()) {
      this.#paused.clear();
      const assigned = this.#group.assigned();
      this.#group.resume(assigned);
      this.#state = 'fetching';
      events.assigned(
        assigned.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition }))),
      );
      const reason = await this.#fetchUntilEnd();
      if (this.#closed()) return;
      this.#state = 'revoking';
      const { code } = translateError(reason, 'The membership ended');
      try {
        if (code === 'membership_lost') {
          events.lost();
          this.#stopHeartbeat();
          this.#group.memberId = null;
        } else if (code === 'group_rebalancing' || code === 'not_leader' || code === 'unknown_topic') {
          await events.revoking();
        } else throw reason;
        if (this.#closed()) return;
        this.#state = 'joining';
        this.#stopHeartbeat();
        await this.#join();
      } catch (error) {
        if (this.#closed()) return;
        events.lost();
        events.failed(translateError(error, `The membership in the group ${this.#options.groupId} ended`));
        return;
      }
    }
  }

  /** Runs the heartbeat and one fetch loop per broker; resolves with what ended them. */
  #fetchUntilEnd(): Promise<unknown> {
    return new Promise((resolve) => {
      let ended = false;
      const end = (reason: unknown): void => {
        if (ended) return;
        ended = true;
        resolve(reason);
      };
      this.#endGeneration = end;
      this.#startHeartbeat(end);
      const nodeIds = new Set<string>();
      const watchNodes = (): void => {
        for (const nodeId of this.#group.getNodeIds()) {
          if (nodeIds.has(nodeId)) continue;
          nodeIds.add(nodeId);
          void this.#fetchFrom(nodeId, () => !ended, watchNodes).then(() => nodeIds.delete(nodeId), end);
        }
      };
      watchNodes();
    });
  }

  async #fetchFrom(nodeId: string, running: () => boolean, afterFetch: () => void): Promise<void> {
    for (let failures = 0; running(); ) {
      if (!this.#group.getNodeIds().includes(nodeId)) return;
      if (this.#fetcher.activePartitions(nodeId) === 0) {
        await this.#waits.for(this.#options.maxWaitMs);
        continue;
      }
      const { maxWaitMs } = this.#options;
      try {
        const batches = await this.#fetcher.fetch(
          nodeId,
          this.#paused.size > 0 ? Math.min(SHORT_WAIT_MS, maxWaitMs) : maxWaitMs,
        );
        failures = 0;
        if (!running()) return;
        for (const batch of batches) this.#events!.records(batch);
        afterFetch();
      } catch (error) {
        const { code, retryable } = translateError(error, 'Fetching failed');
        if (code === 'group_rebalancing' || code === 'membership_lost') throw error;
        failures += 1;
        if (!retryable || failures > 10) throw error;
        await this.#waits.for(Math.min(2_000, 50 * 2 ** failures));
        await this.#refreshMetadata();
      }
    }
  }

  async #refreshMetadata(): Promise<void> {
    try {
      if (!this.#cluster.isConnected()) await this.#cluster.connect();
      await this.#cluster.refreshMetadata();
    } catch (error) {
      this.#logger?.debug('Refreshing metadata failed; it is tried again with the next fetch.', { error });
    }
  }

  #startHeartbeat(end: (reason: unknown) => void): void {
    this.#stopHeartbeat();
    const { heartbeatIntervalMs, groupId } = this.#options;
    this.#heartbeat = setInterval(() => {
      if (this.#beating) return;
      this.#beating = true;
      this.#group
        .heartbeat({ interval: 0 })
        .catch((error) => {
          const { code } = translateError(error, 'A heartbeat failed');
          if (code === 'group_rebalancing' || code === 'membership_lost') end(error);
          else if (code === 'coordinator_unavailable' || code === 'connection_failed') {
            this.#logger?.warn('A heartbeat failed; the group is joined again.', { groupId, error });
            end(rebalance('The group coordinator is out of reach', error));
          } else this.#logger?.warn('A heartbeat failed; the next one will tell.', { groupId, error });
        })
        .finally(() => {
          this.#beating = false;
        });
    }, heartbeatIntervalMs);
  }

  #stopHeartbeat(): void {
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }
}

/** What joining again mends: a coordinator that moved, an assignment made before a topic grew. */
const rebalance = (message: string, cause: unknown): KafkaClientError =>
  new KafkaClientError(`${message}; the group is joined again.`, { code: 'group_rebalancing', retryable: true, cause });

const closedWhileJoining = (groupId: string, cause?: unknown): KafkaClientError =>
  new KafkaClientError(`The consumer was closed while it joined the group ${groupId}.`, { code: 'closed', cause });

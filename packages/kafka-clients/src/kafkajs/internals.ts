import { createRequire } from 'node:module';

/*
 * kafkajs 2.2.4 has no `exports` map, so the parts under its public classes can be required. They are used because
 * the public producer and consumer decide things that this package must decide: retries of whole requests, one request
 * in flight, when to fetch and when to rejoin. The version is pinned exactly, and `assertKafkajsVersion` checks it.
 */
const require = createRequire(import.meta.url);

export const KAFKAJS_VERSION = '2.2.4';

export interface ProtocolRequest {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly apiName: string;
  expectResponse?(): boolean;
  encode(): Promise<{ readonly buffer: Buffer }>;
}

export interface ProtocolResponse {
  decode(raw: Buffer): Promise<unknown>;
  parse(decoded: unknown): Promise<unknown>;
}

export interface ProtocolPair {
  readonly request: ProtocolRequest;
  readonly response: ProtocolResponse;
  readonly requestTimeout?: number | null;
  readonly logResponseError?: boolean;
}

export interface KafkajsConnection {
  readonly clientId: string;
  readonly socket: { write(data: Buffer): boolean };
  readonly requestQueue: {
    maybeThrottle(clientSideThrottleTime: number | null): void;
    push(request: {
      readonly entry: {
        readonly apiKey: number;
        readonly apiName: string;
        readonly apiVersion: number;
        readonly correlationId: number;
        resolve(answer: { readonly payload: Buffer }): void;
        reject(error: unknown): void;
      };
      readonly expectResponse: boolean;
      readonly requestTimeout: number | null;
      sendRequest(): void;
    }): void;
  };
  authenticate(): Promise<void>;
  failIfNotConnected(): void;
  nextCorrelationId(): number;
}

export interface KafkajsBroker {
  readonly nodeId: number;
  readonly connectionPool: {
    send(pair: ProtocolPair): Promise<unknown>;
    getConnectionByRequest(pair: { readonly request: { readonly apiKey: number } }): Promise<KafkajsConnection>;
  };
  lookupRequest(apiKey: number, definitions: unknown): (input: object) => ProtocolPair;
  disconnect(): Promise<void>;
  initProducerId(options: {
    transactionTimeout: number;
  }): Promise<{ producerId: string | bigint; producerEpoch: number }>;
}

export interface KafkajsPartitionMetadata {
  readonly partitionErrorCode: number;
  readonly partitionId: number;
  readonly leader: number;
}

export interface KafkajsMetadata {
  readonly topicMetadata: readonly {
    readonly topic: string;
    readonly topicErrorCode: number;
    readonly partitionMetadata: readonly KafkajsPartitionMetadata[];
  }[];
}

export interface KafkajsCluster {
  readonly brokerPool: { readonly metadata: KafkajsMetadata | null };
  readonly targetTopics: Set<string>;
  isConnected(): boolean;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  findBroker(options: { nodeId: string | number }): Promise<KafkajsBroker>;
  findControllerBroker(): Promise<KafkajsBroker>;
  findGroupCoordinator(options: {
    groupId: string;
  }): Promise<KafkajsBroker & { leaveGroup(member: { groupId: string; memberId: string }): Promise<void> }>;
  getNodeIds(): string[];
}

export interface KafkajsRecord {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, Buffer | Buffer[]>;
  readonly timestamp: string;
}

export interface KafkajsBatch {
  readonly topic: string;
  readonly partition: number;
  readonly highWatermark: string;
  readonly messages: readonly KafkajsRecord[];
  isEmpty(): boolean;
  isEmptyDueToFiltering(): boolean;
  lastOffset(): string;
}

export interface KafkajsOffsetManager {
  getCoordinator(): Promise<{
    offsetFetch(question: {
      groupId: string;
      topics: readonly { topic: string; partitions: readonly { partition: number }[] }[];
    }): Promise<{
      responses: readonly { topic: string; partitions: readonly { partition: number; offset: string }[] }[];
    }>;
  }>;
  /** Asks for the positions of partitions without one: the committed offset, or the configured end of the log. */
  resolveOffsets(): Promise<void>;
  committedOffsets(): Readonly<Record<string, Readonly<Record<number, string | null | undefined>>>>;
  nextOffset(topic: string, partition: number): { toString(): string };
  resolveOffset(position: { topic: string; partition: number; offset: string }): void;
  setDefaultOffset(at: { topic: string; partition: number }): Promise<void>;
}

export interface KafkajsConsumerGroup {
  memberId: string | null;
  readonly generationId: number;
  maxWaitTime: number;
  lastRequest: number;
  connect(): Promise<void>;
  joinAndSync(): Promise<void>;
  leave(): Promise<void>;
  heartbeat(options: { interval: number }): Promise<void>;
  /** Another one in every generation. */
  readonly offsetManager: KafkajsOffsetManager;
  checkForStaleAssignment(): void;
  seekOffsets(assigned: { topic: string; partitions: number[] }[]): Promise<void>;
  fetch(nodeId: string): Promise<KafkajsBatch[]>;
  commitOffsets(offsets: {
    topics: { topic: string; partitions: { partition: number; offset: string; metadata: null }[] }[];
  }): Promise<void>;
  pause(partitions: { topic: string; partitions: number[] }[]): void;
  resume(partitions: { topic: string; partitions: number[] }[]): void;
  assigned(): { topic: string; partitions: number[] }[];
  getNodeIds(): string[];
  /** What `fetch` does about an error; replaced, because it rejoins the group behind the caller's back. */
  recoverFromFetch(error: Error): Promise<void>;
  filterPartitionsByNode(
    nodeId: string,
    assigned: { topic: string; partitions: number[] }[],
  ): { topic: string; partitions: number[] }[];
}

export interface KafkajsEmitter {
  addListener(
    event: 'network.request_timeout',
    listener: (event: { readonly payload: { readonly broker: string } }) => void,
  ): void;
}

interface Internals {
  readonly Cluster: new (options: object) => KafkajsCluster;
  readonly ConsumerGroup: new (options: object) => KafkajsConsumerGroup;
  readonly createLogger: (options: { level: number; logCreator: unknown }) => unknown;
  readonly Emitter: new () => KafkajsEmitter;
  readonly requests: Readonly<
    Record<string, { versions: string[]; protocol(of: { version: number }): (input: object) => ProtocolPair }>
  >;
  readonly apiKeys: Readonly<Record<string, number>>;
  readonly lookupCodec: (type: number) => { decompress(bytes: Buffer): Promise<Buffer> };
  readonly createErrorFromCode: (code: number) => Error & { type: string; code: number; retriable: boolean };
  readonly RequestQueue: { readonly prototype: RequestQueuePrototype };
  readonly roundRobin: (options: object) => object;
}

export interface RequestQueuePrototype {
  pending: unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  requestTimeoutIntervalId: NodeJS.Timeout | undefined;
  readonly enforceRequestTimeout: boolean;
  readonly requestTimeout: number;
  readonly inflight: ReadonlyMap<
    number,
    { readonly sentAt: number; readonly requestTimeout: number; timeoutRequest(): void }
  >;
  isConnected(): boolean;
  destroy(): void;
  scheduleRequestTimeoutCheck(): void;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

let loaded: Internals | undefined;

/** The parts of kafkajs used here. Checked once: another version may have other parts under the same names. */
export function kafkajsInternals(): Internals {
  if (loaded) return loaded;
  const { version } = require('kafkajs/package.json') as { version: string };
  if (version !== KAFKAJS_VERSION) {
    throw new Error(
      `kafkajs ${version} is installed; this package needs exactly ${KAFKAJS_VERSION}. Remove the override.`,
    );
  }
  loaded = {
    Cluster: require('kafkajs/src/cluster'),
    ConsumerGroup: require('kafkajs/src/consumer/consumerGroup'),
    createLogger: require('kafkajs/src/loggers').createLogger,
    Emitter: require('kafkajs/src/instrumentation/emitter'),
    requests: require('kafkajs/src/protocol/requests').requests,
    apiKeys: require('kafkajs/src/protocol/requests/apiKeys'),
    createErrorFromCode: require('kafkajs/src/protocol/error').createErrorFromCode,
    lookupCodec: require('kafkajs/src/protocol/message/compression').lookupCodec,
    RequestQueue: require('kafkajs/src/network/requestQueue'),
    roundRobin: require('kafkajs/src/consumer/assigners').roundRobin,
  } as Internals;
  return loaded;
}

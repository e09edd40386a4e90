import type { Partition } from '../../cluster/partition.js';
import type { Topic } from '../../cluster/topic.js';
import {
  array,
  between,
  boolean,
  type Codec,
  int16,
  int32,
  NO_UUID,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
  uuid,
} from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import { OPERATIONS_NOT_ASKED } from '../authorized-operations.js';
import type { RequestContext } from '../request-context.js';

/*
 * Request  v0-12 = topics:[topic_id:UUID(10+) name:STRING] allow_auto_topic_creation:BOOL(4+)
 *                  include_cluster_authorized_operations:BOOL(8-10) include_topic_authorized_operations:BOOL(8+)
 *                  all topics are asked for by an empty array in v0, by null from v1
 * Response v0-12 = throttle_time_ms:INT32(3+) brokers:[node_id:INT32 host:STRING port:INT32 rack:STRING?(1+)]
 *                  cluster_id:STRING?(2+) controller_id:INT32(1+)
 *                  topics:[error_code:INT16 name:STRING topic_id:UUID(10+) is_internal:BOOL(1+)
 *                    partitions:[error_code:INT16 partition_index:INT32 leader_id:INT32 leader_epoch:INT32(7+)
 *                      replica_nodes:[INT32] isr_nodes:[INT32] offline_replicas:[INT32](5+)]
 *                    topic_authorized_operations:INT32(8+)]
 *                  cluster_authorized_operations:INT32(8-10)
 * Flexible from v9.
 */
export interface MetadataRequest {
  readonly topics: readonly { readonly topicId: string; readonly name: string | null }[] | null;
  readonly allowAutoTopicCreation: boolean;
  readonly includeClusterAuthorizedOperations: boolean;
  readonly includeTopicAuthorizedOperations: boolean;
}

interface PartitionMetadata {
  readonly errorCode: number;
  readonly partitionIndex: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly replicaNodes: readonly number[];
  readonly isrNodes: readonly number[];
  readonly offlineReplicas: readonly number[];
}

interface TopicMetadata {
  readonly errorCode: number;
  readonly name: string | null;
  readonly topicId: string;
  readonly isInternal: boolean;
  readonly partitions: readonly PartitionMetadata[];
  readonly topicAuthorizedOperations: number;
}

export interface MetadataResponse {
  readonly throttleTimeMs: number;
  readonly brokers: readonly {
    readonly nodeId: number;
    readonly host: string;
    readonly port: number;
    readonly rack: string | null;
  }[];
  readonly clusterId: string | null;
  readonly controllerId: number;
  readonly topics: readonly TopicMetadata[];
  readonly clusterAuthorizedOperations: number;
}

const request: Codec<MetadataRequest> = struct({
  topics: nullableArray(struct({ topicId: since(10, uuid, NO_UUID), name: nullableString })),
  allowAutoTopicCreation: since(4, boolean, true),
  includeClusterAuthorizedOperations: between(8, 10, boolean, false),
  includeTopicAuthorizedOperations: since(8, boolean, false),
});

const partitionMetadata: Codec<PartitionMetadata> = struct({
  errorCode: int16,
  partitionIndex: int32,
  leaderId: int32,
  leaderEpoch: since(7, int32, -1),
  replicaNodes: array(int32),
  isrNodes: array(int32),
  offlineReplicas: since(5, array(int32), []),
});

const response: Codec<MetadataResponse> = struct({
  throttleTimeMs: since(3, int32, 0),
  brokers: array(struct({ nodeId: int32, host: string, port: int32, rack: since(1, nullableString, null) })),
  clusterId: since(2, nullableString, null),
  controllerId: since(1, int32, -1),
  topics: array(
    struct<TopicMetadata>({
      errorCode: int16,
      name: nullableString,
      topicId: since(10, uuid, NO_UUID),
      isInternal: since(1, boolean, false),
      partitions: array(partitionMetadata),
      topicAuthorizedOperations: since(8, int32, OPERATIONS_NOT_ASKED),
    }),
  ),
  clusterAuthorizedOperations: between(8, 10, int32, OPERATIONS_NOT_ASKED),
});

function failedTopic(errorCode: number, name: string | null, topicId: string): TopicMetadata {
  return {
    errorCode,
    name,
    topicId,
    isInternal: false,
    partitions: [],
    topicAuthorizedOperations: OPERATIONS_NOT_ASKED,
  };
}

function describePartition({ cluster }: RequestContext, partition: Partition): PartitionMetadata {
  const alive = partition.replicas.filter((id) => cluster.isUp(id));
  return {
    errorCode: partition.leaderId < 0 ? ErrorCode.LEADER_NOT_AVAILABLE : ErrorCode.NONE,
    partitionIndex: partition.index,
    leaderId: partition.leaderId,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: partition.replicas,
    isrNodes: alive,
    offlineReplicas: partition.replicas.filter((id) => !cluster.isUp(id)),
  };
}

function describeTopic(context: RequestContext, topic: Topic): TopicMetadata {
  return {
    errorCode: ErrorCode.NONE,
    name: topic.name,
    topicId: topic.id,
    isInternal: topic.isInternal,
    partitions: topic.partitions.map((partition) => describePartition(context, partition)),
    topicAuthorizedOperations: OPERATIONS_NOT_ASKED,
  };
}

function findTopic(
  context: RequestContext,
  { name, topicId }: { readonly name: string | null; readonly topicId: string },
  mayCreate: boolean,
): TopicMetadata {
  const { cluster } = context;
  if (name === null) {
    const known = cluster.topics.byId(topicId);
    return known ? describeTopic(context, known) : failedTopic(ErrorCode.UNKNOWN_TOPIC_ID, null, topicId);
  }
  const known = cluster.topics.get(name);
  if (known) return describeTopic(context, known);
  if (!mayCreate || !cluster.autoCreateTopics) {
    return failedTopic(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, name, NO_UUID);
  }
  const created = cluster.topics.create({ name, partitions: -1, replicationFactor: -1, configs: new Map() });
  return 'errorCode' in created ? failedTopic(created.errorCode, name, NO_UUID) : describeTopic(context, created);
}

export const metadata: Api<MetadataRequest, MetadataResponse> = {
  key: 3,
  name: 'Metadata',
  minVersion: 0,
  maxVersion: 12,
  flexibleFrom: 9,
  request,
  response,
  handle(context, { topics, allowAutoTopicCreation }) {
    const wantsAll = topics === null || (topics.length === 0 && context.apiVersion === 0);
    const { cluster } = context;
    const described = wantsAll
      ? [...cluster.topics.all()].map((topic) => describeTopic(context, topic))
      : topics.map((topic) => findTopic(context, topic, allowAutoTopicCreation));
    return {
      throttleTimeMs: 0,
      brokers: cluster.addresses().map(({ nodeId, host, port }) => ({ nodeId, host, port, rack: null })),
      clusterId: cluster.clusterId,
      controllerId: cluster.controllerId,
      topics: described,
      clusterAuthorizedOperations: OPERATIONS_NOT_ASKED,
    };
  },
  refuse: ({ topics }, errorCode) => ({
    throttleTimeMs: 0,
    brokers: [],
    clusterId: null,
    controllerId: -1,
    topics: (topics ?? []).map(({ name, topicId }) => failedTopic(errorCode, name, topicId)),
    clusterAuthorizedOperations: OPERATIONS_NOT_ASKED,
  }),
};

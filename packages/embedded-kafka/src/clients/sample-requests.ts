import type { AnyApi, Api } from '../apis/api.js';
import { apiVersions } from '../apis/cluster/api-versions.js';
import { describeCluster } from '../apis/cluster/describe-cluster.js';
import { findCoordinator } from '../apis/cluster/find-coordinator.js';
import { metadata } from '../apis/cluster/metadata.js';
import { deleteGroups } from '../apis/groups/delete-groups.js';
import { describeGroups } from '../apis/groups/describe-groups.js';
import { heartbeat } from '../apis/groups/heartbeat.js';
import { joinGroup } from '../apis/groups/join-group.js';
import { leaveGroup } from '../apis/groups/leave-group.js';
import { listGroups } from '../apis/groups/list-groups.js';
import { offsetCommit } from '../apis/groups/offset-commit.js';
import { offsetDelete } from '../apis/groups/offset-delete.js';
import { offsetFetch } from '../apis/groups/offset-fetch.js';
import { syncGroup } from '../apis/groups/sync-group.js';
import { deleteRecords } from '../apis/records/delete-records.js';
import { fetch } from '../apis/records/fetch.js';
import { listOffsets } from '../apis/records/list-offsets.js';
import { offsetForLeaderEpoch } from '../apis/records/offset-for-leader-epoch.js';
import { produce } from '../apis/records/produce.js';
import { alterConfigs } from '../apis/topics/alter-configs.js';
import { createPartitions } from '../apis/topics/create-partitions.js';
import { createTopics } from '../apis/topics/create-topics.js';
import { deleteTopics } from '../apis/topics/delete-topics.js';
import { describeConfigs } from '../apis/topics/describe-configs.js';
import { incrementalAlterConfigs } from '../apis/topics/incremental-alter-configs.js';
import { addOffsetsToTxn } from '../apis/transactions/add-offsets-to-txn.js';
import { addPartitionsToTxn } from '../apis/transactions/add-partitions-to-txn.js';
import { endTxn } from '../apis/transactions/end-txn.js';
import { initProducerId } from '../apis/transactions/init-producer-id.js';
import { txnOffsetCommit } from '../apis/transactions/txn-offset-commit.js';
import { NO_UUID } from '../wire/codec.js';
import { sampleBatch } from './sample-batch.js';

export interface SampleRequest {
  readonly api: AnyApi;
  readonly body: unknown;
}

function sample<Request>(api: Api<Request, unknown>, body: Request): SampleRequest {
  return { api: api as AnyApi, body };
}

const member = { groupId: 'g', generationId: 1, memberId: 'm', groupInstanceId: null };
const producer = { transactionalId: 'x', producerId: 1000, producerEpoch: 0 };
const commits = [
  {
    name: 't',
    partitions: [{ partitionIndex: 0, committedOffset: 1, committedLeaderEpoch: 0, committedMetadata: 'note' }],
  },
];

/** One valid request, or more, of every API, against a topic `t` with two partitions. */
export const sampleRequests: readonly SampleRequest[] = [
  sample(apiVersions, { clientSoftwareName: 'sample', clientSoftwareVersion: '1.0' }),
  sample(metadata, {
    topics: [
      { topicId: NO_UUID, name: 't' },
      { topicId: NO_UUID, name: 'missing' },
    ],
    allowAutoTopicCreation: false,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
  }),
  sample(describeCluster, { includeClusterAuthorizedOperations: false, endpointType: 1 }),
  sample(findCoordinator, { key: 'g', keyType: 0, coordinatorKeys: ['g'] }),
  sample(createTopics, {
    topics: [
      {
        name: 'made',
        numPartitions: 2,
        replicationFactor: 1,
        assignments: [],
        configs: [{ name: 'retention.bytes', value: '100000' }],
      },
      { name: 'bad name', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] },
      { name: 'too-many', numPartitions: 1, replicationFactor: 9, assignments: [], configs: [] },
      { name: 'none', numPartitions: 0, replicationFactor: 1, assignments: [], configs: [] },
    ],
    timeoutMs: 10_000,
    validateOnly: false,
  }),
  sample(createPartitions, {
    topics: [
      { name: 'made', count: 3, assignments: null },
      { name: 'missing', count: 3, assignments: null },
    ],
    timeoutMs: 10_000,
    validateOnly: false,
  }),
  sample(describeConfigs, {
    resources: [
      { resourceType: 2, resourceName: 'made', configurationKeys: ['retention.bytes', 'cleanup.policy'] },
      { resourceType: 2, resourceName: 'missing', configurationKeys: null },
    ],
    includeSynonyms: false,
    includeDocumentation: false,
  }),
  sample(alterConfigs, {
    resources: [
      { resourceType: 2, resourceName: 'made', configs: [{ name: 'max.message.bytes', value: '2000000' }] },
      { resourceType: 2, resourceName: 'made', configs: [{ name: 'no.such.config', value: '1' }] },
    ],
    validateOnly: false,
  }),
  sample(incrementalAlterConfigs, {
    resources: [
      {
        resourceType: 2,
        resourceName: 'made',
        configs: [{ name: 'cleanup.policy', configOperation: 2, value: 'compact' }],
      },
    ],
    validateOnly: false,
  }),
  sample(deleteTopics, {
    topics: [
      { name: 'made', topicId: NO_UUID },
      { name: 'missing', topicId: NO_UUID },
    ],
    topicNames: ['made', 'missing'],
    timeoutMs: 10_000,
  }),
  sample(produce, {
    transactionalId: null,
    acks: -1,
    timeoutMs: 1000,
    topics: [
      {
        name: 't',
        partitions: [
          { index: 0, records: sampleBatch({ values: ['a', 'b', 'c'] }) },
          { index: 1, records: sampleBatch({ producerId: 5, producerEpoch: 0, baseSequence: 0 }) },
          { index: 9, records: sampleBatch() },
        ],
      },
    ],
  }),
  sample(fetch, {
    replicaId: -1,
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 1_000_000,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [
      {
        topic: 't',
        topicId: NO_UUID,
        partitions: [0, 1, 9].map((partition) => ({
          partition,
          currentLeaderEpoch: -1,
          fetchOffset: 0,
          lastFetchedEpoch: -1,
          logStartOffset: -1,
          partitionMaxBytes: 100_000,
        })),
      },
    ],
    forgottenTopics: [],
    rackId: '',
  }),
  sample(listOffsets, {
    replicaId: -1,
    isolationLevel: 0,
    topics: [
      {
        name: 't',
        partitions: [-1, -2, 1_600_000_000_000].map((timestamp, index) => ({
          partitionIndex: index === 1 ? 1 : 0,
          currentLeaderEpoch: -1,
          timestamp,
        })),
      },
    ],
  }),
  sample(offsetForLeaderEpoch, {
    replicaId: -1,
    topics: [{ topic: 't', partitions: [{ partition: 0, currentLeaderEpoch: -1, leaderEpoch: 0 }] }],
  }),
  sample(deleteRecords, {
    topics: [{ name: 't', partitions: [{ partitionIndex: 0, offset: 1 }] }],
    timeoutMs: 1000,
  }),
  sample(joinGroup, {
    groupId: 'g',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: '',
    groupInstanceId: null,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.from([0, 0]) }],
    reason: null,
  }),
  sample(joinGroup, {
    groupId: '',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: 'unknown',
    groupInstanceId: null,
    protocolType: 'consumer',
    protocols: [],
    reason: null,
  }),
  sample(syncGroup, { ...member, protocolType: 'consumer', protocolName: 'range', assignments: [] }),
  sample(heartbeat, member),
  sample(offsetCommit, { ...member, generationId: -1, memberId: '', retentionTimeMs: -1, topics: commits }),
  sample(offsetCommit, { ...member, retentionTimeMs: -1, topics: commits }),
  sample(offsetFetch, {
    groupId: 'g',
    topics: [{ name: 't', partitionIndexes: [0, 1] }],
    groups: [{ groupId: 'g', memberId: null, memberEpoch: -1, topics: [{ name: 't', partitionIndexes: [0, 1] }] }],
    requireStable: false,
  }),
  sample(describeGroups, { groups: ['missing'], includeAuthorizedOperations: false }),
  sample(listGroups, { statesFilter: [], typesFilter: [] }),
  sample(leaveGroup, {
    groupId: 'g',
    memberId: 'm',
    members: [{ memberId: 'm', groupInstanceId: null, reason: 'done' }],
  }),
  sample(offsetDelete, { groupId: 'g', topics: [{ name: 't', partitions: [{ partitionIndex: 0 }] }] }),
  sample(deleteGroups, { groupsNames: ['missing'] }),
  sample(initProducerId, { transactionalId: null, transactionTimeoutMs: 60_000, producerId: -1, producerEpoch: -1 }),
  sample(initProducerId, { transactionalId: 'x', transactionTimeoutMs: 60_000, producerId: -1, producerEpoch: -1 }),
  sample(addPartitionsToTxn, { ...producer, topics: [{ name: 't', partitions: [0] }] }),
  sample(addOffsetsToTxn, { ...producer, groupId: 'g' }),
  sample(txnOffsetCommit, { ...member, generationId: -1, memberId: '', ...producer, topics: commits }),
  sample(endTxn, { ...producer, committed: true }),
];

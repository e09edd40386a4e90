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
import { sampleBatch } from '../clients/sample-batch.js';
import { NO_UUID } from '../wire/codec.js';

/** What a broker gave out earlier in the scenario and later requests name. */
export interface Given {
  producerId: number;
  producerEpoch: number;
  topicId: string;
}

export interface Step {
  readonly title: string;
  readonly api: AnyApi;
  readonly body: (given: Given) => unknown;
  /** Lowest version in which the step makes sense. Default 0. */
  readonly least?: number;
  /** Takes over what the answer gives out. */
  readonly learn?: (answer: never, given: Given) => void;
}

function step<Request, Response>(
  title: string,
  api: Api<Request, Response>,
  body: Request | ((given: Given) => Request),
  learn?: (answer: Response, given: Given) => void,
): Step {
  const bodyOf = typeof body === 'function' ? (body as (given: Given) => Request) : () => body;
  return { title, api: api as AnyApi, body: bodyOf, ...(learn ? { learn: learn as Step['learn'] & {} } : {}) };
}

const timeoutMs = 10_000;
const FIRST_METADATA_WITH_IDS = 10;

/** One course of requests through every API; `name` keeps its topic, group and transactional id apart from others. */
export function scenario(name: string): readonly Step[] {
  const group = `${name}-group`;
  const transactionalId = `${name}-transaction`;
  const member = { groupId: group, generationId: 3, memberId: 'nobody', groupInstanceId: null };
  const outsider = { ...member, generationId: -1, memberId: '' };
  const asked = {
    allowAutoTopicCreation: false,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
  };
  const topicOf = (
    topic: string,
    numPartitions = 2,
    replicationFactor = 1,
    configs: { name: string; value: string | null }[] = [],
  ) => ({
    name: topic,
    numPartitions,
    replicationFactor,
    assignments: [],
    configs,
  });
  const produceOf = (partitions: { index: number; records: Buffer | null }[], options = {}) => ({
    transactionalId: null,
    acks: -1,
    timeoutMs,
    topics: [{ name, partitions }],
    ...options,
  });
  const fetchOf =
    (offsets: readonly [number, number][], isolationLevel = 0, maxBytes = 1_000_000) =>
    (given: Given) => ({
      replicaId: -1,
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes,
      isolationLevel,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [
        {
          topic: name,
          topicId: given.topicId,
          partitions: offsets.map(([partition, fetchOffset]) => ({
            partition,
            currentLeaderEpoch: -1,
            fetchOffset,
            lastFetchedEpoch: -1,
            logStartOffset: -1,
            partitionMaxBytes: maxBytes,
          })),
        },
      ],
      forgottenTopics: [],
      rackId: '',
    });
  const listOf = (partitionIndex: number, timestamp: number, isolationLevel = 0) => ({
    replicaId: -1,
    isolationLevel,
    topics: [{ name, partitions: [{ partitionIndex, currentLeaderEpoch: -1, timestamp }] }],
  });
  const commitOf = (topic: string, partitionIndex: number, committedMetadata = 'note') => [
    { name: topic, partitions: [{ partitionIndex, committedOffset: 2, committedLeaderEpoch: 0, committedMetadata }] },
  ];
  const offsetsOf = (groupId: string) => ({
    groupId,
    topics: [{ name, partitionIndexes: [0, 1] }],
    groups: [{ groupId, memberId: null, memberEpoch: -1, topics: [{ name, partitionIndexes: [0, 1] }] }],
    requireStable: false,
  });
  const joinOf = (options = {}) => ({
    groupId: group,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: 'nobody',
    groupInstanceId: null,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.from([0, 0]) }],
    reason: null,
    ...options,
  });
  const idempotent =
    (baseSequence: number, producerEpoch = 0) =>
    (given: Given) =>
      produceOf([{ index: 1, records: sampleBatch({ producerId: given.producerId, producerEpoch, baseSequence }) }]);
  const inTransaction = ({ producerId, producerEpoch }: Given) => ({ transactionalId, producerId, producerEpoch });
  const learnProducer = (answer: { producerId: number; producerEpoch: number }, given: Given): void => {
    given.producerId = answer.producerId;
    given.producerEpoch = answer.producerEpoch;
  };
  const metadataOf = (topic: string) => ({ topics: [{ topicId: NO_UUID, name: topic }], ...asked });

  return [
    step('lists APIs', apiVersions, { clientSoftwareName: 'sample', clientSoftwareVersion: '1.0' }),
    step('describes the cluster', describeCluster, { includeClusterAuthorizedOperations: false, endpointType: 1 }),
    step('creates a topic', createTopics, {
      topics: [topicOf(name, 2, 1, [{ name: 'retention.bytes', value: '100000000' }])],
      timeoutMs,
      validateOnly: false,
    }),
    step('refuses topics that cannot be', createTopics, {
      topics: [
        topicOf(name),
        topicOf('not a name'),
        topicOf(`${name}-none`, 0),
        topicOf(`${name}-many`, 1, 99),
        topicOf(`${name}-config`, 1, 1, [{ name: 'no.such.config', value: '1' }]),
        topicOf(`${name}-value`, 1, 1, [{ name: 'retention.bytes', value: 'much' }]),
      ],
      timeoutMs,
      validateOnly: true,
    }),
    step('knows the topic', metadata, metadataOf(name)),
    {
      ...step('knows the id of the topic', metadata, metadataOf(name), (answer, given) => {
        given.topicId = answer.topics[0]!.topicId;
      }),
      least: FIRST_METADATA_WITH_IDS,
    },
    step('does not know another', metadata, metadataOf(`${name}-missing`)),
    step('describes settings', describeConfigs, {
      resources: [{ resourceType: 2, resourceName: name, configurationKeys: null }],
      includeSynonyms: false,
      includeDocumentation: false,
    }),
    step('describes no settings of a missing topic', describeConfigs, {
      resources: [{ resourceType: 2, resourceName: `${name}-missing`, configurationKeys: ['cleanup.policy'] }],
      includeSynonyms: false,
      includeDocumentation: false,
    }),
    step('sets settings', alterConfigs, {
      resources: [{ resourceType: 2, resourceName: name, configs: [{ name: 'retention.bytes', value: '200000000' }] }],
      validateOnly: false,
    }),
    step('refuses an unknown setting', alterConfigs, {
      resources: [{ resourceType: 2, resourceName: name, configs: [{ name: 'no.such.config', value: '1' }] }],
      validateOnly: false,
    }),
    step('adds to a setting', incrementalAlterConfigs, {
      resources: [
        {
          resourceType: 2,
          resourceName: name,
          configs: [{ name: 'cleanup.policy', configOperation: 2, value: 'compact' }],
        },
        { resourceType: 2, resourceName: `${name}-missing`, configs: [] },
      ],
      validateOnly: true,
    }),
    step('produces', produce, produceOf([{ index: 0, records: sampleBatch({ values: ['a', 'b', 'c'] }) }])),
    step(
      'produces again',
      produce,
      produceOf([{ index: 0, records: sampleBatch({ values: ['d'], timestamp: 1_700_000_001_000 }) }]),
    ),
    step('does not produce to a missing partition', produce, produceOf([{ index: 9, records: sampleBatch() }])),
    step('does not take a broken batch', produce, produceOf([{ index: 0, records: sampleBatch().fill(7, 62) }])),
    step('does not take odd acks', produce, produceOf([{ index: 0, records: sampleBatch() }], { acks: 5 })),
    step(
      'fetches',
      fetch,
      fetchOf([
        [0, 0],
        [1, 0],
      ]),
    ),
    step('fetches from inside of a batch', fetch, fetchOf([[0, 1]])),
    step('fetches one batch when one byte is asked for', fetch, fetchOf([[0, 0]], 0, 1)),
    step('does not fetch outside of the log', fetch, fetchOf([[0, 99]])),
    step('finds the end', listOffsets, listOf(0, -1)),
    step('finds the beginning', listOffsets, listOf(0, -2)),
    step('finds a time', listOffsets, listOf(0, 1_700_000_000_500)),
    step('finds nothing after the last time', listOffsets, listOf(0, 1_900_000_000_000)),
    step('does not list a missing partition', listOffsets, listOf(9, -1)),
    step('finds the end of a leader epoch', offsetForLeaderEpoch, {
      replicaId: -1,
      topics: [{ topic: name, partitions: [{ partition: 0, currentLeaderEpoch: -1, leaderEpoch: 0 }] }],
    }),
    step(
      'gives out a producer id',
      initProducerId,
      { transactionalId: null, transactionTimeoutMs: 60_000, producerId: -1, producerEpoch: -1 },
      learnProducer,
    ),
    step('takes the first of a sequence', produce, idempotent(0)),
    step('recognises a repetition', produce, idempotent(0)),
    step('refuses a gap', produce, idempotent(5)),
    step('takes a new epoch', produce, idempotent(0, 1)),
    step('refuses the old epoch', produce, idempotent(1, 0)),
    step('finds a coordinator', findCoordinator, { key: group, keyType: 0, coordinatorKeys: [group] }),
    step('finds no offsets yet', offsetFetch, offsetsOf(group)),
    step('commits offsets of a consumer on its own', offsetCommit, {
      ...outsider,
      retentionTimeMs: -1,
      topics: commitOf(name, 0),
    }),
    step('refuses long notes', offsetCommit, {
      ...outsider,
      retentionTimeMs: -1,
      topics: commitOf(name, 1, 'x'.repeat(5000)),
    }),
    step('refuses commits of members that are not', offsetCommit, {
      ...member,
      retentionTimeMs: -1,
      topics: commitOf(name, 0),
    }),
    step('finds committed offsets', offsetFetch, offsetsOf(group)),
    step('refuses a member that does not exist', joinGroup, joinOf()),
    step('refuses a short session', joinGroup, joinOf({ memberId: '', sessionTimeoutMs: 1 })),
    step('refuses a group without a name', joinGroup, joinOf({ memberId: '', groupId: '' })),
    step('refuses a member without protocols', joinGroup, joinOf({ memberId: '', protocols: [] })),
    step('refuses the sync of a member that does not exist', syncGroup, {
      ...member,
      protocolType: 'consumer',
      protocolName: 'range',
      assignments: [],
    }),
    step('refuses the heartbeat of a member that does not exist', heartbeat, member),
    step('refuses the leave of a member that does not exist', leaveGroup, {
      groupId: group,
      memberId: 'nobody',
      members: [{ memberId: 'nobody', groupInstanceId: null, reason: null }],
    }),
    step('describes a group without members', describeGroups, { groups: [group], includeAuthorizedOperations: false }),
    step('lists no groups in a state that has none', listGroups, { statesFilter: ['Dead'], typesFilter: ['classic'] }),
    step('finds a coordinator of transactions', findCoordinator, {
      key: transactionalId,
      keyType: 1,
      coordinatorKeys: [transactionalId],
    }),
    step(
      'begins a transactional producer',
      initProducerId,
      { transactionalId, transactionTimeoutMs: 60_000, producerId: -1, producerEpoch: -1 },
      learnProducer,
    ),
    step('refuses a transaction timeout out of range', initProducerId, {
      transactionalId,
      transactionTimeoutMs: 999_999_999,
      producerId: -1,
      producerEpoch: -1,
    }),
    step('adds a partition to the transaction', addPartitionsToTxn, (given) => ({
      ...inTransaction(given),
      topics: [{ name, partitions: [0] }],
    })),
    step('adds no missing partition', addPartitionsToTxn, (given) => ({
      ...inTransaction(given),
      topics: [{ name, partitions: [0, 9] }],
    })),
    step('adds nothing for a stranger', addPartitionsToTxn, (given) => ({
      ...inTransaction(given),
      producerId: given.producerId + 1_000_000,
      topics: [{ name, partitions: [0] }],
    })),
    step('produces in the transaction', produce, (given) =>
      produceOf([{ index: 0, records: sampleBatch({ ...given, baseSequence: 0, transactional: true }) }], {
        transactionalId,
      }),
    ),
    step('shows open records to readers of everything', fetch, fetchOf([[0, 4]], 0)),
    step('hides open records from readers of committed data', fetch, fetchOf([[0, 4]], 1)),
    step('finds the end for readers of committed data', listOffsets, listOf(0, -1, 1)),
    step('adds a group to the transaction', addOffsetsToTxn, (given) => ({ ...inTransaction(given), groupId: group })),
    step('holds an offset back', txnOffsetCommit, (given) => ({
      ...outsider,
      ...inTransaction(given),
      topics: commitOf(name, 1),
    })),
    step('does not show the held offset', offsetFetch, offsetsOf(group)),
    step('aborts', endTxn, (given) => ({ ...inTransaction(given), committed: false })),
    step('finds the end after the marker', listOffsets, listOf(0, -1, 1)),
    step('does not show the offset of the aborted transaction', offsetFetch, offsetsOf(group)),
    step('deletes records', deleteRecords, {
      topics: [
        {
          name,
          partitions: [
            { partitionIndex: 0, offset: 3 },
            { partitionIndex: 9, offset: 0 },
          ],
        },
      ],
      timeoutMs,
    }),
    step('does not fetch deleted records', fetch, fetchOf([[0, 0]])),
    step('finds the new beginning', listOffsets, listOf(0, -2)),
    step('deletes offsets', offsetDelete, { groupId: group, topics: [{ name, partitions: [{ partitionIndex: 0 }] }] }),
    step('deletes the group', deleteGroups, { groupsNames: [group, `${group}-missing`] }),
    step('adds partitions', createPartitions, {
      topics: [{ name, count: 3, assignments: null }],
      timeoutMs,
      validateOnly: false,
    }),
    step('does not take partitions away', createPartitions, {
      topics: [
        { name, count: 1, assignments: null },
        { name: `${name}-missing`, count: 5, assignments: null },
      ],
      timeoutMs,
      validateOnly: false,
    }),
    step('deletes the topic', deleteTopics, { topics: [{ name, topicId: NO_UUID }], topicNames: [name], timeoutMs }),
    step('deletes it once only', deleteTopics, { topics: [{ name, topicId: NO_UUID }], topicNames: [name], timeoutMs }),
  ];
}

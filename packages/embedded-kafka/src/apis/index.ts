import type { AnyApi } from './api.js';
import { apiVersions } from './cluster/api-versions.js';
import { describeCluster } from './cluster/describe-cluster.js';
import { findCoordinator } from './cluster/find-coordinator.js';
import { metadata } from './cluster/metadata.js';
import { deleteGroups } from './groups/delete-groups.js';
import { describeGroups } from './groups/describe-groups.js';
import { heartbeat } from './groups/heartbeat.js';
import { joinGroup } from './groups/join-group.js';
import { leaveGroup } from './groups/leave-group.js';
import { listGroups } from './groups/list-groups.js';
import { offsetCommit } from './groups/offset-commit.js';
import { offsetDelete } from './groups/offset-delete.js';
import { offsetFetch } from './groups/offset-fetch.js';
import { syncGroup } from './groups/sync-group.js';
import { deleteRecords } from './records/delete-records.js';
import { fetch } from './records/fetch.js';
import { listOffsets } from './records/list-offsets.js';
import { offsetForLeaderEpoch } from './records/offset-for-leader-epoch.js';
import { produce } from './records/produce.js';
import { alterConfigs } from './topics/alter-configs.js';
import { createPartitions } from './topics/create-partitions.js';
import { createTopics } from './topics/create-topics.js';
import { deleteTopics } from './topics/delete-topics.js';
import { describeConfigs } from './topics/describe-configs.js';
import { incrementalAlterConfigs } from './topics/incremental-alter-configs.js';
import { addOffsetsToTxn } from './transactions/add-offsets-to-txn.js';
import { addPartitionsToTxn } from './transactions/add-partitions-to-txn.js';
import { endTxn } from './transactions/end-txn.js';
import { initProducerId } from './transactions/init-producer-id.js';
import { txnOffsetCommit } from './transactions/txn-offset-commit.js';

/** Every API of the broker, by key. */
export const apis: ReadonlyMap<number, AnyApi> = new Map(
  [
    produce,
    fetch,
    listOffsets,
    metadata,
    offsetCommit,
    offsetFetch,
    findCoordinator,
    joinGroup,
    heartbeat,
    leaveGroup,
    syncGroup,
    describeGroups,
    listGroups,
    apiVersions,
    createTopics,
    deleteTopics,
    initProducerId,
    describeConfigs,
    deleteGroups,
    describeCluster,
    offsetDelete,
    deleteRecords,
    offsetForLeaderEpoch,
    alterConfigs,
    createPartitions,
    incrementalAlterConfigs,
    addOffsetsToTxn,
    addPartitionsToTxn,
    endTxn,
    txnOffsetCommit,
  ].map((api) => [api.key, api as AnyApi]),
);

/** Versions that are advertised though they are refused: librdkafka turns compression off without Produce 0. */
export const advertisedFrom: ReadonlyMap<number, number> = new Map([[produce.key, 0]]);

import {
  array,
  boolean,
  type Codec,
  int8,
  int16,
  int32,
  nullableString,
  since,
  string,
  struct,
} from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-codes.js';
import type { Api } from '../api.js';
import { OPERATIONS_NOT_ASKED } from '../authorized-operations.js';

/*
 * Request  v0-1 = include_cluster_authorized_operations:BOOL endpoint_type:INT8(1+)
 * Response v0-1 = throttle_time_ms:INT32 error_code:INT16 error_message:STRING? endpoint_type:INT8(1+) cluster_id:STRING
 *                 controller_id:INT32 brokers:[broker_id:INT32 host:STRING port:INT32 rack:STRING?]
 *                 cluster_authorized_operations:INT32
 * Always flexible.
 */
export interface DescribeClusterRequest {
  readonly includeClusterAuthorizedOperations: boolean;
  readonly endpointType: number;
}

export interface DescribeClusterResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly endpointType: number;
  readonly clusterId: string;
  readonly controllerId: number;
  readonly brokers: readonly {
    readonly brokerId: number;
    readonly host: string;
    readonly port: number;
    readonly rack: string | null;
  }[];
  readonly clusterAuthorizedOperations: number;
}

const BROKERS = 1;
const request: Codec<DescribeClusterRequest> = struct({
  includeClusterAuthorizedOperations: boolean,
  endpointType: since(1, int8, BROKERS),
});

const response: Codec<DescribeClusterResponse> = struct({
  throttleTimeMs: int32,
  errorCode: int16,
  errorMessage: nullableString,
  endpointType: since(1, int8, BROKERS),
  clusterId: string,
  controllerId: int32,
  brokers: array(struct({ brokerId: int32, host: string, port: int32, rack: nullableString })),
  clusterAuthorizedOperations: int32,
});

export const describeCluster: Api<DescribeClusterRequest, DescribeClusterResponse> = {
  key: 60,
  name: 'DescribeCluster',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 0,
  request,
  response,
  handle: ({ cluster }) => ({
    throttleTimeMs: 0,
    errorCode: ErrorCode.NONE,
    errorMessage: null,
    endpointType: BROKERS,
    clusterId: cluster.clusterId,
    controllerId: cluster.controllerId,
    brokers: cluster.addresses().map(({ nodeId, host, port }) => ({ brokerId: nodeId, host, port, rack: null })),
    clusterAuthorizedOperations: OPERATIONS_NOT_ASKED,
  }),
  refuse: (_, errorCode) => ({
    throttleTimeMs: 0,
    errorCode,
    errorMessage: null,
    endpointType: BROKERS,
    clusterId: '',
    controllerId: -1,
    brokers: [],
    clusterAuthorizedOperations: OPERATIONS_NOT_ASKED,
  }),
};

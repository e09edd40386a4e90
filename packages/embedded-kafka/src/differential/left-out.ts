import { batchSize, readBatchHeader } from '../log/record-batch.js';

/**
 * Fields of answers that are not compared, by name, with the reason. Everything else must be equal, field by field,
 * record bytes included.
 */
export const leftOut: Readonly<Record<string, string>> = {
  apiKeys: 'Kafka has more APIs and other versions',
  brokers: 'ids, hosts and ports of nodes',
  clusterId: 'made at random',
  controllerId: 'id of a node',
  coordinators: 'ids, hosts and ports of nodes; their errors are compared on their own',
  errorMessage: 'wording; the error code is compared',
  host: 'address of a node',
  isrNodes: 'ids of nodes',
  leaderId: 'id of a node',
  memberId: 'made at random',
  nodeId: 'id of a node',
  offlineReplicas: 'ids of nodes',
  port: 'address of a node',
  producerId: 'given out in order, to everybody; in record batches too, with the checksum over it',
  replicaNodes: 'ids of nodes',
  topicId: 'made at random',
};

/** Topic settings that are compared; the standards of the others depend on how the broker was set up. */
export const comparedConfigs: readonly string[] = ['retention.bytes', 'cleanup.policy', 'message.timestamp.type'];

function isNamed(value: unknown): value is { readonly name: string } {
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string';
}

/** Whether something belongs to another run on the same real broker: its groups are everybody's. */
function isForeign(value: unknown, run: string): boolean {
  return typeof value === 'object' && value !== null && 'groupId' in value && !String(value.groupId).startsWith(run);
}

/** Batches of producers with an id, without that id and the checksum over it. */
function withoutProducerIds(records: Buffer): Buffer {
  const copy = Buffer.from(records);
  for (let at = 0; batchSize(copy, at) > 0; at += batchSize(copy, at)) {
    if (readBatchHeader(copy, at).producerId >= 0) copy.fill(0, at + 17, at + 21).fill(0, at + 43, at + 51);
  }
  return copy;
}

/** A copy of an answer with what is not compared left out, and lists in an order of their own sorted. */
export function comparable(value: unknown, run: string, key = ''): unknown {
  if (Buffer.isBuffer(value)) return (key === 'records' ? withoutProducerIds(value) : value).toString('hex');
  if (Array.isArray(value)) {
    const isCompared = (each: unknown): boolean =>
      !isForeign(each, run) && (key !== 'configs' || (isNamed(each) && comparedConfigs.includes(each.name)));
    const compared = value.filter(isCompared).map((each) => comparable(each, run));
    const isOfObjects = compared.every((each) => typeof each === 'object');
    return isOfObjects ? compared.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : compared;
  }
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([name]) => !Object.hasOwn(leftOut, name));
  return Object.fromEntries(fields.map(([name, each]) => [name, comparable(each, run, name)]));
}

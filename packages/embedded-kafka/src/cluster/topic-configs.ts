/** Type numbers of DescribeConfigs. */
const ConfigType = { BOOLEAN: 1, STRING: 2, INT: 3, LONG: 5, LIST: 7, DOUBLE: 6 } as const;

export interface TopicConfigDefinition {
  readonly type: number;
  readonly standard: string;
  readonly accepts: (value: string) => boolean;
}

const anything = (): boolean => true;
const oneOf =
  (...values: readonly string[]) =>
  (value: string): boolean =>
    values.includes(value);
const integerFrom =
  (minimum: number) =>
  (value: string): boolean =>
    /^-?\d{1,19}$/.test(value) && Number(value) >= minimum;
const fraction = (value: string): boolean => value.trim() !== '' && Number(value) >= 0 && Number(value) <= 1;

/**
 * Topic settings that are accepted, with Kafka's names. Those that shape this broker are `retention.bytes`,
 * `max.message.bytes` and `message.timestamp.type`; the others are kept and shown, as tools set and read them.
 */
export const topicConfigDefinitions: Readonly<Record<string, TopicConfigDefinition>> = {
  'cleanup.policy': {
    type: ConfigType.LIST,
    standard: 'delete',
    accepts: (value) => value.split(',').every(oneOf('delete', 'compact')),
  },
  'compression.type': {
    type: ConfigType.STRING,
    standard: 'producer',
    accepts: oneOf('producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'),
  },
  'delete.retention.ms': { type: ConfigType.LONG, standard: '86400000', accepts: integerFrom(0) },
  'file.delete.delay.ms': { type: ConfigType.LONG, standard: '60000', accepts: integerFrom(0) },
  'flush.messages': { type: ConfigType.LONG, standard: '9223372036854775807', accepts: integerFrom(1) },
  'flush.ms': { type: ConfigType.LONG, standard: '9223372036854775807', accepts: integerFrom(0) },
  'follower.replication.throttled.replicas': { type: ConfigType.LIST, standard: '', accepts: anything },
  'index.interval.bytes': { type: ConfigType.INT, standard: '4096', accepts: integerFrom(0) },
  'leader.replication.throttled.replicas': { type: ConfigType.LIST, standard: '', accepts: anything },
  'max.compaction.lag.ms': { type: ConfigType.LONG, standard: '9223372036854775807', accepts: integerFrom(1) },
  'max.message.bytes': { type: ConfigType.INT, standard: '1048588', accepts: integerFrom(0) },
  'message.timestamp.after.max.ms': { type: ConfigType.LONG, standard: '3600000', accepts: integerFrom(0) },
  'message.timestamp.before.max.ms': {
    type: ConfigType.LONG,
    standard: '9223372036854775807',
    accepts: integerFrom(0),
  },
  'message.timestamp.type': {
    type: ConfigType.STRING,
    standard: 'CreateTime',
    accepts: oneOf('CreateTime', 'LogAppendTime'),
  },
  'min.cleanable.dirty.ratio': { type: ConfigType.DOUBLE, standard: '0.5', accepts: fraction },
  'min.compaction.lag.ms': { type: ConfigType.LONG, standard: '0', accepts: integerFrom(0) },
  'min.insync.replicas': { type: ConfigType.INT, standard: '1', accepts: integerFrom(1) },
  preallocate: { type: ConfigType.BOOLEAN, standard: 'false', accepts: oneOf('true', 'false') },
  'retention.bytes': { type: ConfigType.LONG, standard: '-1', accepts: integerFrom(-1) },
  'retention.ms': { type: ConfigType.LONG, standard: '604800000', accepts: integerFrom(-1) },
  'segment.bytes': { type: ConfigType.INT, standard: '1073741824', accepts: integerFrom(14) },
  'segment.index.bytes': { type: ConfigType.INT, standard: '10485760', accepts: integerFrom(4) },
  'segment.jitter.ms': { type: ConfigType.LONG, standard: '0', accepts: integerFrom(0) },
  'segment.ms': { type: ConfigType.LONG, standard: '604800000', accepts: integerFrom(1) },
  'unclean.leader.election.enable': { type: ConfigType.BOOLEAN, standard: 'false', accepts: oneOf('true', 'false') },
};

/** What is wrong with a setting, or undefined. */
export function topicConfigProblem(name: string, value: string | null): string | undefined {
  const definition = Object.hasOwn(topicConfigDefinitions, name) ? topicConfigDefinitions[name] : undefined;
  if (!definition) return `Unknown topic config name: ${name}`;
  if (value === null) return `Null value not supported for topic configs: ${name}`;
  if (!definition.accepts(value)) return `Invalid value ${value} for configuration ${name}`;
  return undefined;
}

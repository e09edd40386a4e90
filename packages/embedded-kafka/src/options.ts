import { type Clock, systemClock } from './clock.js';
import { EmbeddedKafkaError } from './embedded-kafka-error.js';
import { type Logger, silentLogger } from './logger.js';

export interface TopicOption {
  readonly name: string;
  /** Default: `defaultPartitions`. */
  readonly partitions?: number;
  /** Topic settings by Kafka's names, such as `retention.bytes`. */
  readonly config?: Readonly<Record<string, string>>;
}

/** How `createEmbeddedKafka` builds a broker. */
export interface EmbeddedKafkaOptions {
  /** Broker nodes in this process, each on its own port, numbered from 1. 1 to 100, default 1. */
  readonly nodes?: number;
  /** Port of the first node; the others take the following ones. 0, the default, takes free ports. */
  readonly port?: number;
  /** Address to listen on. Default `127.0.0.1`; clients are not authenticated, so think before opening it up. */
  readonly host?: string;
  /** Where clients are told to go for a node, when that is a proxy in between. Default: where the node listens. */
  readonly advertise?: (node: NodeAddress) => { readonly host: string; readonly port: number };
  /** Topics to create at the start. */
  readonly topics?: readonly (string | TopicOption)[];
  /** Whether asking for a topic creates it. Default true. */
  readonly autoCreateTopics?: boolean;
  /** Partitions of topics that do not say how many. Default 1. */
  readonly defaultPartitions?: number;
  /** Partitions of all topics together. Default 10,000. */
  readonly maxPartitions?: number;
  /** Directory to keep topics, records and committed offsets in. Default: in memory only. */
  readonly dataDir?: string;
  /** Bytes of records kept per partition before the oldest go, unless the topic says otherwise. Default 64 MiB. */
  readonly retentionBytes?: number;
  /** Bytes of memory for the records of all partitions; above it the fullest partition loses its oldest. Default 512 MiB. */
  readonly maxMemoryBytes?: number;
  /** Largest request in bytes; the connection that sends a larger one is closed. Default 32 MiB. */
  readonly maxFrameBytes?: number;
  /** Bytes of requests that have arrived in part, over all connections. Default 128 MiB. */
  readonly maxPendingBytes?: number;
  /** Most records, in bytes, in one answer to a fetch. Default 50 MiB. */
  readonly maxFetchBytes?: number;
  /** Connections per node; more are closed at once. Default 1,000. */
  readonly maxConnections?: number;
  /** Consumer groups. Default 10,000; the oldest empty one makes room. */
  readonly maxGroups?: number;
  /** Members of one group. Default 1,000. */
  readonly maxGroupMembers?: number;
  /** Whether the checksum of produced batches is verified, at about 2 µs per KiB. Default true. */
  readonly verifyChecksums?: boolean;
  /** Shortest session of a group's member, in ms. Default 100, where Kafka's 6,000 would make tests wait. */
  readonly minSessionTimeoutMs?: number;
  /** Longest session of a group's member, in ms. Default 1,800,000. */
  readonly maxSessionTimeoutMs?: number;
  /** Wait of an empty group for more members before its first generation, in ms. Default 0. */
  readonly groupInitialRebalanceDelayMs?: number;
  /** Longest transaction timeout a producer may ask for, in ms. Default 900,000. */
  readonly maxTransactionTimeoutMs?: number;
  readonly logger?: Logger;
  readonly clock?: Clock;
}

export interface NodeAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

export type Settings = Required<Omit<EmbeddedKafkaOptions, 'dataDir' | 'advertise'>> &
  Pick<EmbeddedKafkaOptions, 'dataDir' | 'advertise'>;

const MIB = 1024 * 1024;

function withDefaults(options: EmbeddedKafkaOptions): Settings {
  return {
    nodes: options.nodes ?? 1,
    port: options.port ?? 0,
    host: options.host ?? '127.0.0.1',
    advertise: options.advertise,
    topics: options.topics ?? [],
    autoCreateTopics: options.autoCreateTopics ?? true,
    defaultPartitions: options.defaultPartitions ?? 1,
    maxPartitions: options.maxPartitions ?? 10_000,
    dataDir: options.dataDir,
    retentionBytes: options.retentionBytes ?? 64 * MIB,
    maxMemoryBytes: options.maxMemoryBytes ?? 512 * MIB,
    maxFrameBytes: options.maxFrameBytes ?? 32 * MIB,
    maxPendingBytes: options.maxPendingBytes ?? 128 * MIB,
    maxFetchBytes: options.maxFetchBytes ?? 50 * MIB,
    maxConnections: options.maxConnections ?? 1000,
    maxGroups: options.maxGroups ?? 10_000,
    maxGroupMembers: options.maxGroupMembers ?? 1000,
    verifyChecksums: options.verifyChecksums ?? true,
    minSessionTimeoutMs: options.minSessionTimeoutMs ?? 100,
    maxSessionTimeoutMs: options.maxSessionTimeoutMs ?? 1_800_000,
    groupInitialRebalanceDelayMs: options.groupInitialRebalanceDelayMs ?? 0,
    maxTransactionTimeoutMs: options.maxTransactionTimeoutMs ?? 900_000,
    logger: options.logger ?? silentLogger,
    clock: options.clock ?? systemClock,
  };
}

/** Smallest and largest value of each number. */
const ranges = {
  nodes: [1, 100],
  port: [0, 65_535],
  defaultPartitions: [1, 10_000],
  maxPartitions: [1, 1_000_000],
  retentionBytes: [1, Number.MAX_SAFE_INTEGER],
  maxMemoryBytes: [MIB, Number.MAX_SAFE_INTEGER],
  maxFrameBytes: [1024, 1024 * MIB],
  maxPendingBytes: [1024, Number.MAX_SAFE_INTEGER],
  maxFetchBytes: [1024, 1024 * MIB],
  maxConnections: [1, 100_000],
  maxGroups: [1, 1_000_000],
  maxGroupMembers: [1, 100_000],
  minSessionTimeoutMs: [1, 2_147_483_647],
  maxSessionTimeoutMs: [1, 2_147_483_647],
  groupInitialRebalanceDelayMs: [0, 600_000],
  maxTransactionTimeoutMs: [1, 2_147_483_647],
} as const satisfies Partial<Record<keyof Settings, readonly [number, number]>>;

/** Fills in defaults and refuses values out of range with an error that names option and value. */
export function checkedOptions(options: EmbeddedKafkaOptions): Settings {
  const settings = withDefaults(options);
  for (const [name, [least, most]] of Object.entries(ranges) as [keyof typeof ranges, readonly [number, number]][]) {
    const value = settings[name];
    if (Number.isInteger(value) && value >= least && value <= most) continue;
    throw new EmbeddedKafkaError(`Option "${name}" is ${String(value)}; give an integer from ${least} to ${most}.`, {
      code: 'invalid_option',
    });
  }
  if (settings.port > 0 && settings.port + settings.nodes - 1 > 65_535) {
    throw new EmbeddedKafkaError(
      `Option "port" is ${settings.port}, but ${settings.nodes} nodes need as many ports up to 65535; give a lower one.`,
      { code: 'invalid_option' },
    );
  }
  return settings;
}

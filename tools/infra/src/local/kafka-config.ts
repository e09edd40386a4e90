import { join } from 'node:path';

/** One broker of a local cluster; every broker is a controller too (KRaft, combined mode). */
export interface BrokerPlan {
  readonly nodeId: number;
  readonly port: number;
  readonly controllerPort: number;
  readonly logDirectory: string;
}

export function planBrokers(dataDirectory: string, ports: readonly number[]): BrokerPlan[] {
  return Array.from({ length: ports.length / 2 }, (_, index) => ({
    nodeId: index + 1,
    port: ports[2 * index]!,
    controllerPort: ports[2 * index + 1]!,
    logDirectory: join(dataDirectory, `broker-${index + 1}`),
  }));
}

/**
 * `server.properties` of one broker. With three brokers every topic has three replicas unless its creator says otherwise.
 *
 * @param changes settings added, or put in the place of those here.
 */
export function renderServerProperties(
  broker: BrokerPlan,
  cluster: readonly BrokerPlan[],
  changes: Readonly<Record<string, string | number>> = {},
): string {
  const replicas = cluster.length;
  const minInSync = replicas >= 3 ? 2 : 1;
  const settings: Record<string, string | number> = {
    'process.roles': 'broker,controller',
    'node.id': broker.nodeId,
    listeners: `PLAINTEXT://127.0.0.1:${broker.port},CONTROLLER://127.0.0.1:${broker.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${broker.port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.voters': cluster.map((each) => `${each.nodeId}@127.0.0.1:${each.controllerPort}`).join(','),
    'log.dirs': broker.logDirectory,

    'default.replication.factor': replicas,
    'min.insync.replicas': minInSync,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': minInSync,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': minInSync,

    // Fewer internal partitions: the first consumer group waits for all of them to be created.
    'offsets.topic.num.partitions': 5,
    'transaction.state.log.num.partitions': 5,
    'share.coordinator.state.topic.num.partitions': 5,
    'group.initial.rebalance.delay.ms': 0,

    // Bounds on disk and heap: this is a development cluster.
    'log.retention.hours': 24,
    'log.retention.bytes': 1024 ** 3,
    'log.segment.bytes': 128 * 1024 ** 2,
    'log.cleaner.dedupe.buffer.size': 16 * 1024 ** 2,
    ...changes,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}\n`)
    .join('');
}

/** Kafka's own log: warnings of everything, the milestones of the server. */
export const log4jProperties: string = `status=warn
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d{ISO8601} %p %m (%c{1})%n
rootLogger.level=warn
rootLogger.appenderRef.console.ref=console
logger.server.name=kafka.server
logger.server.level=info
logger.config.name=org.apache.kafka.common.config
logger.config.level=error
`;

/** In Java's properties format a backslash begins an escape and bytes beyond Latin-1 are written as escapes. */
function escapeProperty(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEmbeddedKafka, type EmbeddedKafka } from '../embedded-kafka.js';
import { describeForeign, findKafkaTools, run } from './foreign-client.js';

const tools = 'org.apache.kafka.tools';

describeForeign("Kafka's own tools", findKafkaTools(), (classPath) => {
  let kafka: EmbeddedKafka;

  beforeAll(async () => {
    kafka = await createEmbeddedKafka({ nodes: 3 });
  });

  afterAll(() => kafka.close());

  const tool = (name: string, args: readonly string[], input = ''): Promise<string> =>
    run(
      'java',
      [
        '-Xmx128m',
        '-XX:TieredStopAtLevel=1',
        '-cp',
        classPath,
        name,
        '--bootstrap-server',
        kafka.bootstrap.join(','),
        ...args,
      ],
      { input },
    );

  it('create, describe, alter and delete topics', { timeout: 120_000 }, async () => {
    await tool(`${tools}.TopicCommand`, [
      '--create',
      '--topic',
      'made',
      '--partitions',
      '3',
      '--replication-factor',
      '2',
      '--config',
      'retention.bytes=1000000',
    ]);
    await tool(`${tools}.TopicCommand`, ['--alter', '--topic', 'made', '--partitions', '4']);
    const described = await tool(`${tools}.TopicCommand`, ['--describe', '--topic', 'made']);
    expect(described).toContain('PartitionCount: 4\tReplicationFactor: 2\tConfigs: retention.bytes=1000000');
    await tool(`${tools}.TopicCommand`, ['--delete', '--topic', 'made']);
    expect(await tool(`${tools}.TopicCommand`, ['--list'])).not.toContain('made');
  });

  it('produce and consume, and show and reset the offsets of the group', { timeout: 120_000 }, async () => {
    await tool(`${tools}.ConsoleProducer`, ['--topic', 'lines', '--compression-codec', 'zstd'], 'a\nb\nc\n');
    const consumed = await tool(`${tools}.consumer.ConsoleConsumer`, [
      ...['--topic', 'lines', '--group', 'console', '--from-beginning', '--max-messages', '3'],
      ...['--isolation-level', 'read_committed'],
    ]);
    expect(consumed.trim().split('\n')).toEqual(['a', 'b', 'c']);
    const groups = `${tools}.consumer.group.ConsumerGroupCommand`;
    expect(await tool(groups, ['--list'])).toContain('console');
    expect(await tool(groups, ['--describe', '--group', 'console'])).toMatch(/console\s+lines\s+0\s+3\s+3\s+0/);
    const reset = ['--reset-offsets', '--group', 'console', '--topic', 'lines', '--to-offset', '1', '--execute'];
    expect(await tool(groups, reset)).toMatch(/console\s+lines\s+0\s+1/);
    await tool(groups, ['--delete', '--group', 'console']);
    expect(await tool(groups, ['--list'])).not.toContain('console');
  });
});

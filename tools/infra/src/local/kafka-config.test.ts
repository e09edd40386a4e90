import { describe, expect, it } from 'vitest';
import { planBrokers, renderServerProperties } from './kafka-config.js';

function settings(text: string): Map<string, string> {
  return new Map(
    text
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

describe('kafka configuration', () => {
  it('gives one broker replication 1', () => {
    const [broker] = planBrokers('/data', [9000, 9001]);
    const properties = settings(renderServerProperties(broker!, [broker!]));
    expect(properties.get('listeners')).toBe('PLAINTEXT://127.0.0.1:9000,CONTROLLER://127.0.0.1:9001');
    expect(properties.get('controller.quorum.voters')).toBe('1@127.0.0.1:9001');
    expect(properties.get('offsets.topic.replication.factor')).toBe('1');
    expect(properties.get('min.insync.replicas')).toBe('1');
    expect(properties.get('log.dirs')).toBe('/data/broker-1');
  });

  it('gives three brokers replication 3 for every topic, internal ones included, and all controllers as voters', () => {
    const cluster = planBrokers('/data', [1, 2, 3, 4, 5, 6]);
    const properties = settings(renderServerProperties(cluster[2]!, cluster));
    expect(properties.get('node.id')).toBe('3');
    expect(properties.get('controller.quorum.voters')).toBe('1@127.0.0.1:2,2@127.0.0.1:4,3@127.0.0.1:6');
    for (const name of ['default', 'offsets.topic', 'transaction.state.log', 'share.coordinator.state.topic']) {
      expect(properties.get(`${name}.replication.factor`)).toBe('3');
    }
    expect(properties.get('min.insync.replicas')).toBe('2');
    expect(properties.get('transaction.state.log.min.isr')).toBe('2');
  });

  it('takes further settings, and others in the place of its own', () => {
    const [broker] = planBrokers('/data', [1, 2]);
    const properties = settings(
      renderServerProperties(broker!, [broker!], { 'node.id': 7, 'ssl.client.auth': 'none' }),
    );
    expect(properties.get('node.id')).toBe('7');
    expect(properties.get('ssl.client.auth')).toBe('none');
  });

  it('escapes what the properties format would read otherwise', () => {
    const [broker] = planBrokers('/나루\\x', [1, 2]);
    expect(settings(renderServerProperties(broker!, [broker!])).get('log.dirs')).toBe('/\\ub098\\ub8e8\\\\x/broker-1');
  });
});

import { kafkaAnswers } from '@naru/infra';
import { expect, it } from 'vitest';
import { startTcpProxy, type TcpProxy } from '../tcp-proxy/start-tcp-proxy.js';
import { describeKafkaServer, startKafkaServers } from './start-kafka-servers.js';

describeKafkaServer('a Kafka of a test’s own', () => {
  it('answers through the proxy that it advertises, dies when killed and comes back on its ports', async () => {
    let proxy: TcpProxy | undefined;
    const kafka = await startKafkaServers({
      listeners: [
        {
          name: 'CLIENT',
          protocol: 'PLAINTEXT',
          async advertise(port) {
            proxy = await startTcpProxy({ target: { port } });
            return proxy.port;
          },
        },
      ],
    });
    const [server] = kafka.servers;
    try {
      expect(server!.addresses).toEqual({ CLIENT: proxy!.address });
      expect(await kafkaAnswers(proxy!.address, 1)).toBe(true);
      expect(proxy!.carried.down).toBeGreaterThan(0);
      await server!.kill();
      expect([await kafkaAnswers(server!.address, 1), await kafkaAnswers(proxy!.address, 1)]).toEqual([false, false]);
      await server!.restart();
      expect(await kafkaAnswers(proxy!.address, 1)).toBe(true);
    } finally {
      await proxy?.close();
      await kafka.stop();
    }
    expect(await kafkaAnswers(server!.address, 1)).toBe(false);
  }, 120_000);

  it('tells with the end of its log why it does not start', async () => {
    await expect(startKafkaServers({ properties: { 'num.io.threads': '0' } })).rejects.toThrow(
      /num\.io\.threads|formatted/,
    );
  }, 120_000);
});

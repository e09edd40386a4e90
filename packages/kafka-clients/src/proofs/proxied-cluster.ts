import { type KafkaServer, startKafkaServers, startTcpProxy, type TcpProxy } from '@naru/test-services';

/** Three real brokers that clients reach only through a proxy each, since the proxies' ports are what is advertised. */
export interface ProxiedCluster extends AsyncDisposable {
  readonly brokers: readonly string[];
  readonly servers: readonly KafkaServer[];
  readonly proxies: readonly TcpProxy[];
}

export async function startProxiedCluster(): Promise<ProxiedCluster> {
  const proxies: TcpProxy[] = [];
  const closeProxies = async (): Promise<void> => void (await Promise.all(proxies.map((proxy) => proxy.close())));
  try {
    const kafka = await startKafkaServers({
      brokers: 3,
      listeners: [
        {
          name: 'CLIENT',
          protocol: 'PLAINTEXT',
          async advertise(port, broker) {
            proxies[broker] = await startTcpProxy({ target: { port } });
            return proxies[broker].port;
          },
        },
      ],
    });
    return {
      brokers: proxies.map(({ address }) => address),
      servers: kafka.servers,
      proxies,
      async [Symbol.asyncDispose]() {
        await closeProxies();
        await kafka.stop();
      },
    };
  } catch (error) {
    await closeProxies();
    throw error;
  }
}

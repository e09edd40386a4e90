import { createEmbeddedKafka } from '@naru/embedded-kafka';
import { startRedisServer } from '@naru/test-services';

/** What examples expect at its usual address. */
export interface ServersForExamples extends AsyncDisposable {
  /** Where it is, by where examples look for it. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** Starts a Kafka and a Redis on free ports. */
export async function startServersForExamples(): Promise<ServersForExamples> {
  const kafka = await createEmbeddedKafka();
  try {
    const redis = await startRedisServer();
    return {
      addresses: { 'localhost:9092': kafka.bootstrap[0]!, 'redis://127.0.0.1:6379': redis.url },
      async [Symbol.asyncDispose]() {
        await redis.stop();
        await kafka.close();
      },
    };
  } catch (cause) {
    await kafka.close();
    throw new Error('There is no redis-server on the PATH for the examples. Install Redis 7.', { cause });
  }
}

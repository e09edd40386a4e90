import { Kafka, logLevel } from 'kafkajs';

/** Whether the cluster has a controller and at least `brokers` brokers, asked of the cluster itself. */
export async function kafkaAnswers(bootstrap: string, brokers: number): Promise<boolean> {
  const kafka = new Kafka({
    clientId: 'naru-infra',
    brokers: bootstrap.split(','),
    connectionTimeout: 1000,
    requestTimeout: 3000,
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    return cluster.controller !== null && cluster.brokers.length >= brokers;
  } catch {
    return false;
  } finally {
    await admin.disconnect().catch(() => {});
  }
}

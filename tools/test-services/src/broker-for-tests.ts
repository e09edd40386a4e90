import { realServices } from './real-services.js';

/** A broker that a test may write to. `close` ends an embedded one and leaves a real one alone. */
export interface BrokerForTests {
  readonly kind: 'embedded' | 'real';
  readonly bootstrap: readonly string[];
  close(): Promise<void>;
}

/** The real broker when its address is set (`KAFKA_BROKERS`), otherwise the embedded one that `createEmbedded` starts. */
export async function brokerForTests(
  createEmbedded: () => Promise<{ readonly bootstrap: readonly string[]; close(): Promise<void> }>,
): Promise<BrokerForTests> {
  if (realServices.kafka) {
    return { kind: 'real', bootstrap: realServices.kafka.split(','), close: async () => {} };
  }
  const embedded = await createEmbedded();
  return { kind: 'embedded', bootstrap: embedded.bootstrap, close: () => embedded.close() };
}

import type { Benchmark } from './harness/benchmark.js';

/** Every benchmark by name. Add yours here: `name: async () => (await import('./name/benchmark.js')).nameBenchmark`. */
export const registry: Readonly<Record<string, () => Promise<Benchmark>>> = {
  data: async () => (await import('./data/benchmark.js')).dataBenchmark,
  embeddedKafka: async () => (await import('./embedded-kafka/benchmark.js')).embeddedKafkaBenchmark,
  exchanges: async () => (await import('./exchanges/benchmark.js')).exchangesBenchmark,
  gateway: async () => (await import('./gateway/benchmark.js')).gatewayBenchmark,
  kafka: async () => (await import('./kafka/benchmark.js')).kafkaBenchmark,
  reference: async () => (await import('./reference/benchmark.js')).referenceBenchmark,
  redis: async () => (await import('./redis/benchmark.js')).redisBenchmark,
  // Last: it reads what the others found.
  specification: async () => (await import('./specification/benchmark.js')).specificationBenchmark,
};

/** One measurement, as it is handed to a process of its own. */
export interface KafkaTask {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly contestant: string;
  readonly work: 'produce' | 'consume' | 'latency';
  readonly valueBytes: number;
  readonly compression: 'none' | 'gzip' | 'lz4';
  /** How long to measure after warming up, milliseconds. */
  readonly durationMs: number;
  /** How many records the topic holds, for consuming. */
  readonly records?: number;
}

export interface KafkaMeasurement {
  /** Messages acknowledged, or handed to the application, per second. */
  readonly rate: number;
  /** User and system time of the process per message, microseconds. */
  readonly cpuMicros: number;
  /** The same as a share of one core, 0 to 1; a measurement outside of Node leaves it out. */
  readonly cpuShare?: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Keys in use: as many markets. */
export const KEYS = 50;

export const keyOf = (index: number): string => `KRW-${index % KEYS}`;

/** Values that compress about as well as market data does. */
export function valuesOf(bytes: number): Buffer[] {
  return Array.from({ length: 64 }, (_, seed) => {
    let text = '';
    for (let index = 0; text.length < bytes; index += 1) {
      text += `"trade_price":${(seed * 7_919 + index * 104_729) % 99_999_989}.${index % 10},"code":"KRW-${seed}",`;
    }
    return Buffer.from(text.slice(0, bytes));
  });
}

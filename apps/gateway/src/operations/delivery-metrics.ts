import { Gauge, type Registry } from 'prom-client';
import type { DeliveryStatus } from '../publishing/delivery.js';

/** Shows what waits for Kafka, read at the moment Prometheus asks. */
export function exposeDelivery(registry: Registry, status: () => DeliveryStatus): void {
  const level = (name: string, help: string, value: (status: DeliveryStatus) => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value(status()));
      },
    });
  };
  level('gateway_memory_bytes', 'messages in memory on their way to Kafka', ({ memoryBytes }) => memoryBytes);
  level('gateway_full', '1 while there is room for records neither in memory nor in the spool', ({ isFull }) =>
    Number(isFull),
  );
  level('gateway_direct', '1 while records go to Kafka directly, 0 while through the spool', ({ mode }) =>
    Number(mode === 'direct'),
  );
  level('gateway_spool_bytes', 'size of the spool on disk', ({ spool }) => spool?.bytes ?? 0);
  level('gateway_spool_max_bytes', 'largest size of the spool', ({ spool }) => spool?.maxBytes ?? 0);
  level('gateway_spool_messages', 'messages in the spool', ({ spool }) => spool?.messages ?? 0);
  level('gateway_spool_oldest_seconds', 'age of the oldest file of the spool', ({ spool }) =>
    spool?.oldestTimestamp == null ? 0 : Math.max(0, (Date.now() - spool.oldestTimestamp) / 1_000),
  );
  level('gateway_spool_damaged', 'places of the spool that could not be read', ({ spool }) => spool?.damaged ?? 0);
  level('gateway_spool_failing', '1 while the disk refuses writes', ({ spool }) => Number(spool?.failure != null));
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger, RequestType } from '@naru/core';
import {
  createSchemaRegistryClient,
  loadSchemaDirectory,
  preflight,
  type SchemaRegistryClientOptions,
} from '@naru/schema-registry';
import { createAvroCodec } from '@naru/serializers';
import { GatewayError } from '../gateway-error.js';
import type { MetricsEncoders } from '../minutes/minute-metrics.js';

/** Encoders of everything the gateway writes in Avro, with ids pinned at start. */
export interface Schemas {
  readonly encodeBatch: Readonly<Record<RequestType, (batch: object) => Buffer>>;
  readonly encodeConnectSuccess: (event: object) => Buffer;
  readonly encodeMetrics: MetricsEncoders;
  readonly encodeProducerMetrics: (event: object) => Buffer;
}

const subjects = {
  ticker: 'ticker-data-value',
  trade: 'trade-data-value',
  orderbook: 'orderbook-data-value',
  connectSuccess: 'connect-success-value',
  counting: 'metrics-events-value',
  reception: 'reception-metrics-value',
  processing: 'processing-metrics-value',
  quality: 'quality-metrics-value',
  producer: 'producer-metrics-value',
} as const;

/**
 * Makes sure that the registry has every schema that is needed, in a compatible version, and compiles them. From
 * then on the registry may be away: ids are pinned and nothing is looked up per message.
 *
 * @param register whether a missing schema is registered; otherwise it stops the start
 */
export async function prepareSchemas(
  registry: SchemaRegistryClientOptions,
  register: boolean,
  logger: Logger,
): Promise<Schemas> {
  await using client = createSchemaRegistryClient({ ...registry, logger });
  const schemas = await loadSchemaDirectory(schemaDirectory());
  const { ids, otherLevels } = await preflight({ client, schemas, register, setCompatibility: register });
  for (const { subject, declared, actual } of otherLevels) {
    logger.warn('the registry promises another compatibility than the schema asks for', { subject, declared, actual });
  }
  const encoder = (subject: string): ((value: object) => Buffer) => {
    const schema = schemas.find((candidate) => candidate.subject === subject)?.schema;
    const id = ids.get(subject);
    if (schema === undefined || id === undefined) {
      throw new GatewayError('start_failed', `No schema is known for subject ${subject}. Add it to schemas.json.`);
    }
    const codec = createAvroCodec({ schema, id });
    return (value) => codec.encode(value);
  };
  return {
    encodeBatch: {
      ticker: encoder(subjects.ticker),
      trade: encoder(subjects.trade),
      orderbook: encoder(subjects.orderbook),
    },
    encodeConnectSuccess: encoder(subjects.connectSuccess),
    encodeMetrics: {
      counting: encoder(subjects.counting),
      reception: encoder(subjects.reception),
      processing: encoder(subjects.processing),
      quality: encoder(subjects.quality),
    },
    encodeProducerMetrics: encoder(subjects.producer),
  };
}

/** Beside the built files when installed as a package, at the top of the repository otherwise. */
export function schemaDirectory(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const candidates = [join(here, '../schemas'), join(here, '../../../../schemas')];
  const found = candidates.find((candidate) => existsSync(join(candidate, 'schemas.json')));
  if (!found) {
    throw new GatewayError(
      'start_failed',
      `The schema files are missing: looked in ${candidates.join(' and ')}. Install the package anew.`,
    );
  }
  return found;
}

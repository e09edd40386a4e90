import { readFileSync } from 'node:fs';
import {
  connectAndSubscribeSchema,
  connectSuccessSchema,
  createChecker,
  errorEventSchema,
  metricsEventSchema,
  orderbookBatchSchema,
  processingMetricsSchema,
  producerMetricsSchema,
  qualityMetricsSchema,
  receptionMetricsSchema,
  tickerBatchSchema,
  tradeBatchSchema,
} from '@naru/core';
import type { JsonSchemaNode } from './json-schema-arbitrary.js';

const folder = new URL('../../../schemas/', import.meta.url);

export interface SchemaMapping {
  readonly file: string;
  readonly subject: string;
  readonly compatibility: string;
  readonly topic: string;
}

/** The map of files to subjects, as it is published. */
export const schemaMappings = JSON.parse(
  readFileSync(new URL('schemas.json', folder), 'utf8'),
) as readonly SchemaMapping[];

export function schemaText(file: string): string {
  return readFileSync(new URL(file, folder), 'utf8');
}

const dtoByFile = {
  'connect_request.avsc': connectAndSubscribeSchema,
  'connect_success.avsc': connectSuccessSchema,
  'error_event.avsc': errorEventSchema,
  'metrics_event.avsc': metricsEventSchema,
  'orderbook_data.avsc': orderbookBatchSchema,
  'processing_metrics.avsc': processingMetricsSchema,
  'producer_metrics.avsc': producerMetricsSchema,
  'quality_metrics.avsc': qualityMetricsSchema,
  'reception_metrics.avsc': receptionMetricsSchema,
  'ticker_data.avsc': tickerBatchSchema,
  'trade_data.avsc': tradeBatchSchema,
} as const;

export interface SchemaWithDto {
  readonly file: string;
  /** The text of the file. */
  readonly schema: string;
  /** The JSON Schema of what the file's messages hold. */
  readonly dto: JsonSchemaNode;
  readonly fits: (value: unknown) => boolean;
}

/** Every file of `schemas/` with the DTO that it carries. */
export const schemasWithDtos: readonly SchemaWithDto[] = Object.entries(dtoByFile).map(([file, dto]) => ({
  file,
  schema: schemaText(file),
  dto: dto as JsonSchemaNode,
  fits: (value: unknown): boolean => createChecker(dto).check(value),
}));

/** Without the fields that are null: Avro has null where a DTO has no field. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutNulls(field)]));
}

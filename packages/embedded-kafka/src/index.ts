export type { Clock } from './clock.js';
export type { Counters } from './counters.js';
export { createEmbeddedKafka, type EmbeddedKafka } from './embedded-kafka.js';
export { EmbeddedKafkaError } from './embedded-kafka-error.js';
export type {
  ConnectionFault,
  FaultAction,
  FaultFunction,
  FaultOptions,
  Faults,
  FaultyRequest,
} from './faults/faults.js';
export type { Logger } from './logger.js';
export type { EmbeddedKafkaOptions, NodeAddress, TopicOption } from './options.js';
export { ErrorCode } from './wire/error-codes.js';

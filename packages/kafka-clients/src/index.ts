export {
  type BrokerCheck,
  createKafkaAdmin,
  type KafkaAdmin,
  type KafkaAdminOptions,
  type PartitionLag,
} from './admin/create-kafka-admin.js';
export { createKafkaConsumer } from './consumer/create-kafka-consumer.js';
export {
  createDeadLetterTopic,
  type DeadLetter,
  type DeadLetterTopicOptions,
  deadLetterHeaders,
  type Failure,
} from './consumer/dead-letter.js';
export type { HandlerContext, MessageHandler, RetryOptions } from './consumer/handling.js';
export type { ConsumerEvent, ConsumerState, KafkaConsumer, KafkaConsumerOptions } from './consumer/kafka-consumer.js';
export type { KillSwitchOptions } from './consumer/kill-switch.js';
export { headerText, type ReceivedMessage } from './consumer/received-message.js';
export {
  KafkaClientError,
  type KafkaClientErrorCode,
  type KafkaClientErrorOptions,
} from './kafka-client-error.js';
export type { KafkaTransportOptions, SaslOptions } from './kafkajs/connection-options.js';
export { createKafkaTransport } from './kafkajs/create-kafka-transport.js';
export { murmur2 } from './partitioner/murmur2.js';
export { createPartitioner, type Partitioner } from './partitioner/partitioner.js';
export { createKafkaProducer } from './producer/create-kafka-producer.js';
export type { KafkaProducer, KafkaProducerOptions } from './producer/kafka-producer.js';
export type { DeliveryReport, OnDelivery, ProducerMessage } from './producer/message.js';
export type { ProducerEvent, QueueStatus } from './producer/producer-events.js';
export type { OverflowPolicy, QueueBoundsOptions } from './producer/queue-bounds.js';
export type { KafkaTransport } from './transport/kafka-transport.js';
export type {
  BrokerAddress,
  CommittedOffset,
  PartitionOffsets,
  TopicSpecification,
  TransportAdmin,
} from './transport/transport-admin.js';
export type {
  FetchedBatch,
  FetchedRecord,
  OffsetToCommit,
  TopicPartition,
  TransportConsumer,
  TransportConsumerEvents,
  TransportConsumerOptions,
} from './transport/transport-consumer.js';
export type {
  Compression,
  OutgoingRecord,
  ProduceBatch,
  ProducerIdentity,
  RecordHeaders,
  TransportProducer,
  TransportProducerOptions,
} from './transport/transport-producer.js';

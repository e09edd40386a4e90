export {
  type BrokerCheck,
  createKafkaAdmin,
  type KafkaAdmin,
  type KafkaAdminOptions,
  type PartitionLag,
} from './admin/create-kafka-admin.js';
export { type Breaker, isBreakerRejection } from './clients/breaker/breaker.js';
export {
  CircuitBreakerConsumer,
  type CircuitBreakerConsumerOptions,
} from './clients/breaker/circuit-breaker-consumer.js';
export {
  CircuitBreakerProducer,
  type CircuitBreakerProducerOptions,
} from './clients/breaker/circuit-breaker-producer.js';
export type {
  CommandConsumerOptions,
  CommandContext,
} from './clients/consumers/command-consumer.js';
export { CommandRejection } from './clients/consumers/command-rejection.js';
export {
  KafkaConsumerClient,
  type KafkaConsumerClientOptions,
  type StreamOrchestrator,
} from './clients/consumers/kafka-consumer-client.js';
export {
  KafkaDisconnectionConsumerClient,
  type KafkaDisconnectionConsumerClientOptions,
  type StreamDisconnector,
} from './clients/consumers/kafka-disconnection-consumer-client.js';
export { BackpressureEventProducer } from './clients/producers/backpressure-event-producer.js';
export {
  BatchMonitoringProducer,
  type BatchMonitoringProducerOptions,
} from './clients/producers/batch-monitoring-producer.js';
export { ConnectRequestProducer } from './clients/producers/connect-request-producer.js';
export {
  ConnectSuccessEventProducer,
  type ConnectSuccessReport,
} from './clients/producers/connect-success-event-producer.js';
export { DlqProducer } from './clients/producers/dlq-producer.js';
export { ErrorEventProducer, type ErrorReport } from './clients/producers/error-event-producer.js';
export type { EventProducerOptions } from './clients/producers/event-producer.js';
export { type CountingBatchReport, MetricsProducer } from './clients/producers/metrics-producer.js';
export { RealtimeDataProducer } from './clients/producers/realtime-data-producer.js';
export {
  AsyncConsumerWrapper,
  type ConsumerWrapperOptions,
  type DecodedMessage,
} from './clients/wrappers/async-consumer-wrapper.js';
export {
  AsyncProducerWrapper,
  type ProducerWrapperOptions,
  type SendOptions,
} from './clients/wrappers/async-producer-wrapper.js';
export { AvroConsumerWrapper, type AvroConsumerWrapperOptions } from './clients/wrappers/avro-consumer-wrapper.js';
export { AvroProducer, type AvroProducerOptions } from './clients/wrappers/avro-producer.js';
export { AvroProducerWrapper, type AvroProducerWrapperOptions } from './clients/wrappers/avro-producer-wrapper.js';
export { createKafkaConsumer } from './consumer/create-kafka-consumer.js';
export {
  createDeadLetterTopic,
  type DeadLetter,
  type DeadLetterTopicOptions,
  deadLetterHeaders,
  type Failure,
} from './consumer/dead-letter.js';
export { Abandoned, type HandlerContext, type MessageHandler, type RetryOptions } from './consumer/handling.js';
export type { ConsumerEvent, ConsumerState, KafkaConsumer, KafkaConsumerOptions } from './consumer/kafka-consumer.js';
export type { KillSwitchOptions } from './consumer/kill-switch.js';
export { type ReadToEnd, type ReadToEndOptions, readToEnd } from './consumer/read-to-end.js';
export { headerText, type ReceivedMessage } from './consumer/received-message.js';
export {
  KafkaClientError,
  type KafkaClientErrorCode,
  type KafkaClientErrorOptions,
} from './kafka-client-error.js';
export type { KafkaTransportOptions, SaslOptions } from './kafkajs/connection-options.js';
export { createKafkaTransport } from './kafkajs/create-kafka-transport.js';
export { connectSocket, type SocketRequest } from './kafkajs/sockets.js';
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

import type { KafkaClientError } from '../kafka-client-error.js';

/** What the producer holds, in the words of the backpressure events. */
export interface QueueStatus {
  /** Messages held, waiting and in flight. */
  readonly queue_size: number;
  readonly queue_max_size: number;
  /** Of the fuller of both bounds, messages and bytes. 0 to 100. */
  readonly usage_percent: number;
  readonly is_throttled: boolean;
  /** In messages. */
  readonly high_watermark: number;
  readonly low_watermark: number;
  readonly queue_bytes: number;
  readonly queue_max_bytes: number;
}

export type ProducerEvent =
  | {
      readonly type: 'backpressure_activated' | 'backpressure_deactivated' | 'queue_status_report';
      readonly producerName: string;
      readonly status: QueueStatus;
    }
  | {
      /** A batch is tried again. */
      readonly type: 'buffer_retry';
      readonly producerName: string;
      readonly topic: string;
      readonly partition: number;
      readonly messages: number;
      readonly error: KafkaClientError;
    }
  | {
      /** A message found no room and was refused, or an older one was dropped for it. */
      readonly type: 'queue_full';
      readonly producerName: string;
      readonly topic: string;
      readonly dropped: boolean;
    }
  | {
      readonly type: 'batch_delivered';
      readonly producerName: string;
      readonly topic: string;
      readonly partition: number;
      readonly messages: number;
      readonly bytes: number;
      readonly baseOffset: string;
      /** Of the batch's oldest message. */
      readonly latencyMs: number;
      readonly possiblyDuplicated: boolean;
    }
  | {
      readonly type: 'batch_failed';
      readonly producerName: string;
      readonly topic: string;
      readonly partition: number;
      readonly messages: number;
      readonly error: KafkaClientError;
    };

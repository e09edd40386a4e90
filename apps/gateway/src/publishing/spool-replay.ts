import type { KafkaClientError, KafkaProducer } from '@naru/kafka-clients';
import type { Spool, SpooledMessage } from '@naru/kafka-clients/spool';

export interface SpoolReplayOptions {
  readonly spool: Spool;
  readonly producer: Pick<KafkaProducer, 'send'>;
  /** Most bytes on their way to Kafka at once. */
  readonly maxWindowBytes: number;
  readonly onDelivered: (message: SpooledMessage) => void;
  /** Kafka will never take it. */
  readonly onRejected: (message: SpooledMessage, error: KafkaClientError) => void;
  /** Nothing is on its way: all was handed out, or the error, or the disk, ended it. */
  readonly onStopped: (error: Error | undefined) => void;
}

/** Sends what is in the spool, in order, with bounded memory. A failure ends it; what is not acknowledged stays. */
export class SpoolReplay {
  readonly #options: SpoolReplayOptions;
  #running = false;
  #reading = false;
  #error: Error | undefined;
  #inFlight = 0;
  #windowBytes = 0;

  constructor(options: SpoolReplayOptions) {
    this.#options = options;
  }

  /** Messages on their way to Kafka. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Begins at the oldest message that is not acknowledged. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#error = undefined;
    this.#options.spool.rewind();
    void this.#fill();
  }

  /** There is more in the spool. */
  wake(): void {
    if (this.#running) void this.#fill();
  }

  async #fill(): Promise<void> {
    const { spool, maxWindowBytes } = this.#options;
    if (this.#reading || !this.#running) return;
    this.#reading = true;
    try {
      while (!this.#error && spool.hasUnread && this.#windowBytes < maxWindowBytes) {
        for (const message of await spool.read(Math.min(1024 * 1024, maxWindowBytes))) this.#send(message);
      }
    } catch (error) {
      this.#error ??= error as Error;
    }
    this.#reading = false;
    this.#stopWhenOver();
  }

  #send(message: SpooledMessage): void {
    const { topic, key, value, headers } = message;
    this.#inFlight += 1;
    this.#windowBytes += message.bytes;
    try {
      void this.#options.producer.send({ topic, key, value, headers }, (error) => this.#settle(message, error));
    } catch (error) {
      this.#settle(message, error as KafkaClientError);
    }
  }

  #settle(message: SpooledMessage, error: KafkaClientError | null): void {
    this.#inFlight -= 1;
    this.#windowBytes -= message.bytes;
    if (!error) this.#options.onDelivered(message);
    else if (isHopeless(error)) this.#options.onRejected(message, error);
    else this.#error ??= error;
    if (this.#inFlight === 0 || this.#windowBytes < this.#options.maxWindowBytes / 2) void this.#fill();
  }

  #stopWhenOver(): void {
    const { spool, onStopped } = this.#options;
    if (!this.#running || this.#inFlight > 0 || (spool.hasUnread && !this.#error)) return;
    this.#running = false;
    onStopped(this.#error);
  }
}

/** Whether no attempt can ever succeed: the message itself is refused. */
export function isHopeless({ code }: Pick<KafkaClientError, 'code'>): boolean {
  return code === 'message_too_large' || code === 'invalid_message';
}

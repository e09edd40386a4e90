import type { Clock, Logger } from '@naru/core';
import type { KafkaClientError, KafkaProducer } from '@naru/kafka-clients';
import type { Spool, SpoolStatus } from '@naru/kafka-clients/spool';
import type { DropReason } from './accounts.js';
import { KafkaProgress } from './kafka-progress.js';
import { MemoryBound } from './memory-bound.js';
import type { Parcel, ParcelOwner } from './parcel.js';
import { type DeliveryMode, SpoolDetour } from './spool-detour.js';
import { isHopeless } from './spool-replay.js';

export interface DeliveryOptions {
  /** Closed with the delivery. */
  readonly producer: Pick<KafkaProducer, 'send' | 'flush' | 'close'>;
  /** Without one, what memory does not hold is for the policies of the publishers. */
  readonly spool?: Spool | undefined;
  /** Most bytes of messages in memory. */
  readonly maxMemoryBytes: number;
  /** Nothing acknowledged for so long means that Kafka is away, in milliseconds. */
  readonly stallMs: number;
  /** Who accounts for spooled records of a target; undefined for a target that is not known. */
  readonly ownerOf: (targetKey: string) => ParcelOwner | undefined;
  /** Kafka takes nothing and records go to the spool, or the spool is caught up with. */
  readonly onDetour?: ((detour: boolean, reason: string) => void) | undefined;
  /** There is no room for more, or there is again. */
  readonly onFull: (full: boolean) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface DeliveryStatus {
  readonly mode: DeliveryMode;
  readonly memoryBytes: number;
  readonly isFull: boolean;
  /** Null without a spool. */
  readonly spool: SpoolStatus | null;
}

/** What an end left behind. */
export interface DeliveryEnd {
  /** Kafka acknowledged everything. */
  readonly delivered: boolean;
  /** Messages that stay in the spool for the next process. */
  readonly spooled: number;
  /** Records that neither Kafka nor a spool has. */
  readonly dropped: number;
}

/** Takes messages and sees to it that each is acknowledged by Kafka or accounted for. */
export interface Delivery {
  /** Takes a message. Never throws. Those of one market keep their order. */
  send(parcel: Parcel): void;
  /** Counts what an earlier process left in the spool, and begins to send it. Call once, when the producer is connected. */
  start(recovered: ReadonlyMap<string, number>): void;
  readonly status: DeliveryStatus;
  /** Waits for Kafka until the deadline, or until it is clear that it is away; then leaves the rest in the spool and closes it. */
  close(deadlineMs: number): Promise<DeliveryEnd>;
}

/** How long a closed producer may take to tell of its last messages. */
const lastWordMs = 2_000;

export function createDelivery(options: DeliveryOptions): Delivery {
  return new RecordDelivery(options);
}

/** Sends messages directly, and with a spool takes the detour through it when Kafka takes none. */
class RecordDelivery implements Delivery {
  readonly #options: DeliveryOptions;
  readonly #memory: MemoryBound;
  readonly #progress: KafkaProgress;
  readonly #detour: SpoolDetour | undefined;
  /** Direct messages with the producer. */
  #sent = 0;
  #closing: Promise<DeliveryEnd> | undefined;
  #closed = false;
  #droppedAtEnd = 0;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    const { spool, maxMemoryBytes, onFull, clock, logger } = options;
    this.#memory = new MemoryBound({ maxBytes: maxMemoryBytes, onFull, logger });
    this.#progress = new KafkaProgress(clock);
    if (!spool) return;
    this.#detour = new SpoolDetour({
      ...options,
      spool,
      memory: this.#memory,
      progress: this.#progress,
      sent: () => this.#sent,
      dispatch: (parcel) => this.#dispatch(parcel),
      onRejected: (parcel, error) => this.#lose(parcel, 'rejected', error),
      onLeft: (parcel) => this.#lose(parcel, 'shutdown', noTime()),
    });
  }

  get status(): DeliveryStatus {
    return {
      mode: this.#detour?.mode ?? 'direct',
      memoryBytes: this.#memory.bytes,
      isFull: this.#memory.isFull,
      spool: this.#detour?.status ?? null,
    };
  }

  start(recovered: ReadonlyMap<string, number>): void {
    this.#detour?.start(recovered);
  }

  send(parcel: Parcel): void {
    this.#memory.hold(parcel);
    if (this.#closed) {
      this.#lose(parcel, 'shutdown', noTime());
      return;
    }
    if (!this.#detour?.takes(parcel)) {
      this.#dispatch(parcel);
      this.#detour?.relieveMemory();
    }
    this.#memory.checkFull();
  }

  #dispatch(parcel: Parcel): void {
    parcel.state = 'sent';
    parcel.acceptedAt = this.#options.clock.monotonic();
    if (this.#sent === 0) this.#progress.begin();
    this.#sent += 1;
    try {
      void this.#options.producer.send(parcel.message, (error) => {
        if (error) this.#failed(parcel, error);
        else this.#delivered(parcel);
      });
    } catch (error) {
      this.#failed(parcel, error as KafkaClientError);
    }
  }

  #delivered(parcel: Parcel): void {
    this.#sent -= 1;
    if (parcel.state === 'done') return;
    this.#detour?.settled(parcel);
    parcel.owner.onAcknowledged(parcel.receivedAt);
    this.#memory.release(parcel, 'done');
    this.#memory.checkRoom();
    this.#progress.acknowledged();
  }

  #failed(parcel: Parcel, error: KafkaClientError): void {
    this.#sent -= 1;
    if (parcel.state === 'done') return;
    if (isHopeless(error)) this.#lose(parcel, 'rejected', error);
    else if (this.#detour) this.#detour.takeBack(parcel, error.message);
    else this.#lose(parcel, this.#closing ? 'shutdown' : 'delivery_failed', error);
    // Also what is lost makes room: with every publisher held, nothing else would say so any more.
    this.#memory.checkRoom();
    this.#progress.decided();
  }

  #lose(parcel: Parcel, reason: DropReason, error: Error): void {
    this.#detour?.settled(parcel);
    if (this.#closing) this.#droppedAtEnd += parcel.count;
    parcel.owner.onLost(parcel.extent, reason, error);
    this.#memory.release(parcel, 'done');
  }

  close(deadlineMs: number): Promise<DeliveryEnd> {
    this.#closing ??= this.#end(deadlineMs);
    return this.#closing;
  }

  async #end(deadlineMs: number): Promise<DeliveryEnd> {
    const { producer, stallMs } = this.#options;
    const isIdle = (): boolean => this.#memory.bytes === 0 && this.status.mode === 'direct';
    /** A spool can take what Kafka does not. */
    const isAway = (): boolean => this.#detour !== undefined && this.#progress.silentMs >= stallMs;
    // Without lingering.
    void producer.flush(deadlineMs).catch(() => {});
    await this.#progress.until(() => isIdle() || isAway(), deadlineMs, Math.max(10, stallMs / 8));
    const delivered = isIdle();
    this.#closed = true;
    this.#detour?.stop();
    if (!delivered) await this.#detour?.leaveAll();
    // What it still has fails now, or is acknowledged after all: at once, or when its sockets are gone.
    await producer.close(0).catch(() => {});
    await this.#progress.until(() => this.#sent === 0, lastWordMs, lastWordMs);
    await this.#detour?.close();
    return { delivered, spooled: this.#detour?.status.messages ?? 0, dropped: this.#droppedAtEnd };
  }
}

function noTime(): Error {
  return new Error('neither Kafka nor the spool took it before the gateway stopped');
}

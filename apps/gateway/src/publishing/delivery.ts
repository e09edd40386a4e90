import { type Clock, type Logger, targetKey } from '@naru/core';
import type { KafkaClientError, KafkaProducer } from '@naru/kafka-clients';
import type { Spool, SpooledMessage, SpoolStatus } from '@naru/kafka-clients/spool';
import type { Parcel, ParcelOwner } from './parcel.js';
import { ParcelQueue } from './parcel-queue.js';
import { readNote, type SpoolNote, writeNote } from './spool-note.js';
import { isHopeless, SpoolReplay } from './spool-replay.js';

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

/**
 * How messages go: `direct` to the producer; `spooling` while Kafka takes none; `replaying` what is in the spool, with
 * everything new behind it.
 */
export type DeliveryMode = 'direct' | 'spooling' | 'replaying';

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

/** Shares of the bound of memory. */
const spoolFrom = 0.5;
const roomAgainAt = 0.75;

/** Most bytes copied into the spool before other work has its turn. */
const copyTurnBytes = 1024 * 1024;
/** Most bytes of a replay on their way at once. */
const replayWindowBytes = 4 * 1024 * 1024;
/** How long a closed producer may take to tell of its last messages. */
const lastWordMs = 2_000;
/** Before a replay that failed is tried again. */
const replayPauseMs = 1_000;

export function createDelivery(options: DeliveryOptions): Delivery {
  return new RecordDelivery(options);
}

class RecordDelivery implements Delivery {
  readonly #options: DeliveryOptions;
  readonly #spool: Spool | undefined;
  readonly #replay: SpoolReplay | undefined;
  /** What may have to go into the spool. Unused without one. */
  readonly #queue = new ParcelQueue();
  #mode: DeliveryMode = 'direct';
  #memory = 0;
  #full = false;
  /** Direct messages with the producer. */
  #sent = 0;
  /** Monotonic milliseconds: of the last acknowledgement, or since when one is waited for. */
  #progressAt = 0;
  #retryReplayAt = 0;
  #cancelTick: (() => void) | undefined;
  #cancelCopy: (() => void) | undefined;
  readonly #owners = new Set<ParcelOwner>();
  #closing: Promise<DeliveryEnd> | undefined;
  #closed = false;
  #droppedAtEnd = 0;
  #onProgress: (() => void) | undefined;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#spool = options.spool;
    if (!options.spool) return;
    this.#replay = new SpoolReplay({
      spool: options.spool,
      producer: options.producer,
      maxWindowBytes: Math.min(replayWindowBytes, options.maxMemoryBytes),
      onDelivered: (message) => {
        this.#forget(message, (owner, { extent, receivedAt }) => owner.onReplayed(extent.records, receivedAt));
        this.#progress();
      },
      onRejected: (message, error) =>
        this.#forget(message, (owner, { extent }) => owner.onLost(extent, 'rejected', error)),
      onStopped: (error) => this.#replayStopped(error),
    });
  }

  get status(): DeliveryStatus {
    return {
      mode: this.#mode,
      memoryBytes: this.#memory,
      isFull: this.#full,
      spool: this.#spool?.status ?? null,
    };
  }

  start(recovered: ReadonlyMap<string, number>): void {
    for (const [key, records] of recovered) {
      const owner = this.#options.ownerOf(key);
      if (!owner) continue;
      this.#owners.add(owner);
      owner.onRecovered(records);
    }
    if (!this.#spool) return;
    this.#progressAt = this.#options.clock.monotonic();
    if (this.#spool.status.messages > 0) this.#startReplay();
    this.#arm();
  }

  send(parcel: Parcel): void {
    this.#memory += parcel.bytes;
    if (this.#closed) {
      this.#lose(parcel, 'shutdown', noTime());
      return;
    }
    if (this.#spool) {
      this.#queue.push(parcel);
      if (this.#mode !== 'direct') {
        parcel.acceptedAt = this.#options.clock.monotonic();
        this.#copy();
      } else {
        this.#dispatch(parcel);
        if (this.#memory >= this.#options.maxMemoryBytes * spoolFrom) this.#spoolAll('memory is half full');
      }
    } else {
      this.#dispatch(parcel);
    }
    if (this.#memory >= this.#options.maxMemoryBytes) this.#setFull(true);
  }

  #dispatch(parcel: Parcel): void {
    parcel.state = 'sent';
    parcel.acceptedAt = this.#options.clock.monotonic();
    if (this.#sent === 0) this.#progressAt = parcel.acceptedAt;
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
    this.#leaveSpool(parcel);
    parcel.owner.onAcknowledged(parcel.receivedAt);
    this.#release(parcel, 'done');
    this.#progress();
  }

  #failed(parcel: Parcel, error: KafkaClientError): void {
    this.#sent -= 1;
    if (parcel.state === 'done') return;
    if (isHopeless(error)) {
      this.#lose(parcel, 'rejected', error);
    } else if (!this.#spool) {
      this.#lose(parcel, this.#closing ? 'shutdown' : 'delivery_failed', error);
    } else if (parcel.sequence === undefined) {
      // It is still in its place in the queue, before everything that came later.
      parcel.state = 'waiting';
      this.#spoolAll(error.message);
    } else {
      this.#release(parcel, 'spooled');
      this.#spoolAll(error.message);
    }
    this.#onProgress?.();
  }

  #progress(): void {
    this.#progressAt = this.#options.clock.monotonic();
    if (this.#full && this.#memory <= this.#options.maxMemoryBytes * roomAgainAt) this.#setFull(false);
    this.#onProgress?.();
  }

  #lose(parcel: Parcel, reason: 'rejected' | 'delivery_failed' | 'shutdown', error: Error): void {
    this.#leaveSpool(parcel);
    if (this.#closing) this.#droppedAtEnd += parcel.count;
    parcel.owner.onLost(parcel.extent, reason, error);
    this.#release(parcel, 'done');
  }

  #leaveSpool(parcel: Parcel): void {
    if (parcel.sequence === undefined) return;
    this.#spool?.acknowledge(parcel.sequence);
    parcel.owner.onUnspooled(parcel.count);
  }

  #release(parcel: Parcel, state: 'spooled' | 'done'): void {
    this.#memory -= parcel.bytes;
    parcel.settle(state);
  }

  #setFull(full: boolean): void {
    if (this.#full === full) return;
    this.#full = full;
    this.#options.logger.warn(
      full ? 'no room for more records until Kafka takes some' : 'there is room for records again',
      {
        memoryBytes: this.#memory,
        spoolBytes: this.#spool?.status.bytes,
      },
    );
    this.#options.onFull(full);
  }

  // What follows happens only with a spool.

  /** Kafka takes nothing: everything goes through the spool until it has caught up. */
  #spoolAll(reason: string): void {
    if (this.#closed) return;
    if (this.#mode === 'direct') {
      this.#mode = 'spooling';
      this.#retryReplayAt = this.#options.clock.monotonic() + replayPauseMs;
      this.#options.logger.warn('Kafka takes nothing, records go to the spool', { reason });
      this.#options.onDetour?.(true, `Kafka takes nothing, records go to the spool: ${reason}`);
    }
    this.#copy();
  }

  /** Brings what has to go there into the spool, oldest first, some of it at a time. */
  #copy(): void {
    if (this.#cancelCopy || !this.#spool || this.#closed) return;
    let bytes = 0;
    for (let parcel = this.#queue.oldest; parcel && this.#belongsInSpool(parcel); parcel = this.#queue.oldest) {
      if (bytes >= copyTurnBytes) {
        this.#cancelCopy = this.#options.clock.schedule(0, () => {
          this.#cancelCopy = undefined;
          this.#copy();
        });
        break;
      }
      // Refused: the spool says when there is room, or memory fills up.
      if (!this.#copyOne(this.#spool, parcel)) break;
      bytes += parcel.bytes;
    }
    if (bytes === 0) return;
    if (this.#full && this.#memory <= this.#options.maxMemoryBytes * roomAgainAt) this.#setFull(false);
    if (this.#mode === 'replaying') this.#replay?.wake();
  }

  #copyOne(spool: Spool, parcel: Parcel): boolean {
    const { owner } = parcel;
    let sequence: number | undefined;
    try {
      sequence = spool.append(parcel.message, writeNote(targetKey(owner.target), parcel));
    } catch (error) {
      // Larger than any record of the spool; Kafka would not have taken it either.
      this.#lose(parcel, 'rejected', error as Error);
      return true;
    }
    if (sequence === undefined) return false;
    parcel.sequence = sequence;
    this.#owners.add(owner);
    owner.onSpooled(parcel.count);
    if (parcel.state === 'waiting') this.#release(parcel, 'spooled');
    return true;
  }

  #belongsInSpool(parcel: Parcel): boolean {
    if (this.#mode === 'spooling') return true;
    // While the spool is caught up with, what is new waits for the last acknowledgements: its way is then direct.
    if (this.#mode === 'replaying' && this.#spool?.hasUnread) return true;
    return this.#options.clock.monotonic() - parcel.acceptedAt >= this.#options.stallMs;
  }

  #arm(): void {
    const { clock, stallMs } = this.#options;
    this.#cancelTick = clock.schedule(Math.max(10, stallMs / 8), () => {
      this.#tick();
      this.#arm();
    });
  }

  #tick(): void {
    const { clock, stallMs } = this.#options;
    const now = clock.monotonic();
    if (this.#mode === 'direct' && this.#sent > 0 && now - this.#progressAt >= stallMs) {
      this.#spoolAll(`nothing acknowledged for ${Math.round(now - this.#progressAt)} ms`);
    } else {
      // Whatever is old goes to disk as well, so that a killed process loses little.
      this.#copy();
    }
    if (this.#mode === 'spooling' && this.#sent === 0 && now >= this.#retryReplayAt) this.#startReplay();
  }

  #startReplay(): void {
    this.#mode = 'replaying';
    this.#replay?.start();
  }

  #replayStopped(error: Error | undefined): void {
    const { clock, logger } = this.#options;
    if (error) {
      logger.warn('the spool could not be sent, it is tried again', { error: error.message });
      this.#mode = 'spooling';
      this.#retryReplayAt = clock.monotonic() + replayPauseMs;
      return;
    }
    for (const owner of this.#owners) owner.onSpoolEmpty();
    this.#mode = 'direct';
    const caughtUp = 'the spool is caught up with, records go to Kafka directly';
    logger.info(caughtUp);
    this.#options.onDetour?.(false, caughtUp);
    for (const parcel of this.#queue) if (parcel.state === 'waiting') this.#dispatch(parcel);
    this.#onProgress?.();
  }

  #forget(message: SpooledMessage, account: (owner: ParcelOwner, note: SpoolNote) => void): void {
    this.#spool?.acknowledge(message.sequence);
    const note = readNote(message);
    const owner = note && this.#options.ownerOf(note.target);
    if (!note || !owner) return;
    owner.onUnspooled(note.extent.records);
    account(owner, note);
  }

  close(deadlineMs: number): Promise<DeliveryEnd> {
    this.#closing ??= this.#end(deadlineMs);
    return this.#closing;
  }

  async #end(deadlineMs: number): Promise<DeliveryEnd> {
    const { producer } = this.#options;
    // Without lingering.
    void producer.flush(deadlineMs).catch(() => {});
    await this.#idleOrAway(deadlineMs);
    const delivered = this.#isIdle();
    this.#cancelTick?.();
    this.#cancelCopy?.();
    this.#closed = true;
    if (this.#spool && !delivered) await this.#leaveToSpool(this.#spool);
    // What it still has fails now, or is acknowledged after all.
    await producer.close(0).catch(() => {});
    await this.#decided();
    await this.#spool?.close().catch(() => {});
    return { delivered, spooled: this.#spool?.status.messages ?? 0, dropped: this.#droppedAtEnd };
  }

  #isIdle(): boolean {
    return this.#memory === 0 && this.#mode === 'direct';
  }

  /** Resolves when everything is acknowledged, at the deadline, or when a spool can take what Kafka does not. */
  #idleOrAway(deadlineMs: number): Promise<void> {
    const { clock, stallMs } = this.#options;
    return new Promise((resolve) => {
      const end = (): void => {
        this.#onProgress = undefined;
        cancelDeadline();
        cancelLook();
        resolve();
      };
      const look = (): void => {
        const isAway = this.#spool && clock.monotonic() - this.#progressAt >= stallMs;
        if (this.#isIdle() || isAway) end();
      };
      const lookAgain = (): void => {
        cancelLook = clock.schedule(Math.max(10, stallMs / 8), lookAgain);
        look();
      };
      const cancelDeadline = clock.schedule(deadlineMs, end);
      let cancelLook = clock.schedule(Math.max(10, stallMs / 8), lookAgain);
      this.#onProgress = look;
      look();
    });
  }

  async #leaveToSpool(spool: Spool): Promise<void> {
    for (const parcel of this.#queue) {
      if (this.#copyOne(spool, parcel)) continue;
      // Too much on its way to the disk, no room on it, or it refuses.
      await spool.flush().catch(() => {});
      if (!this.#copyOne(spool, parcel)) this.#lose(parcel, 'shutdown', noTime());
    }
    await spool.flush().catch((error: Error) => this.#options.logger.error(error.message));
  }

  /** The closed producer has told of every message: at once, or when its sockets are gone. */
  #decided(): Promise<void> {
    if (this.#sent === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        this.#onProgress = undefined;
        cancel();
        resolve();
      };
      const cancel = this.#options.clock.schedule(lastWordMs, end);
      this.#onProgress = () => {
        if (this.#sent === 0) end();
      };
    });
  }
}

function noTime(): Error {
  return new Error('neither Kafka nor the spool took it before the gateway stopped');
}

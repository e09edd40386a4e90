import { type Clock, type Logger, targetKey } from '@naru/core';
import type { KafkaProducer } from '@naru/kafka-clients';
import type { Spool, SpooledMessage, SpoolStatus } from '@naru/kafka-clients/spool';
import type { KafkaProgress } from './kafka-progress.js';
import type { MemoryBound } from './memory-bound.js';
import type { Parcel, ParcelOwner } from './parcel.js';
import { ParcelQueue } from './parcel-queue.js';
import { readNote, type SpoolNote, writeNote } from './spool-note.js';
import { SpoolReplay } from './spool-replay.js';

/**
 * How messages go: `direct` to the producer; `spooling` while Kafka takes none; `replaying` what is in the spool, with
 * everything new behind it.
 */
export type DeliveryMode = 'direct' | 'spooling' | 'replaying';

export interface SpoolDetourOptions {
  readonly spool: Spool;
  readonly producer: Pick<KafkaProducer, 'send'>;
  readonly maxMemoryBytes: number;
  /** Nothing acknowledged for so long means that Kafka is away, in milliseconds. */
  readonly stallMs: number;
  /** Who accounts for spooled records of a target; undefined for a target that is not known. */
  readonly ownerOf: (targetKey: string) => ParcelOwner | undefined;
  /** The detour begins, or the spool is caught up with. */
  readonly onDetour?: ((detour: boolean, reason: string) => void) | undefined;
  readonly memory: MemoryBound;
  readonly progress: KafkaProgress;
  /** Direct messages with the producer. */
  readonly sent: () => number;
  /** Sends a message directly. */
  readonly dispatch: (parcel: Parcel) => void;
  /** Neither the spool nor Kafka will ever take it. */
  readonly onRejected: (parcel: Parcel, error: Error) => void;
  /** There is neither room for it nor time left. */
  readonly onLeft: (parcel: Parcel) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Share of the bound of memory from which on everything goes through the spool. */
const spoolFrom = 0.5;

/** Most bytes copied into the spool before other work has its turn. */
const copyTurnBytes = 1024 * 1024;
/** Most bytes of a replay on their way at once. */
const replayWindowBytes = 4 * 1024 * 1024;
/** Before a replay that failed is tried again. */
const replayPauseMs = 1_000;

/**
 * The way through the spool while Kafka takes nothing, and back. Every message is in its queue until it is done or on
 * disk, so that what has to go there goes in the order it came.
 */
export class SpoolDetour {
  readonly #options: SpoolDetourOptions;
  readonly #replay: SpoolReplay;
  readonly #queue = new ParcelQueue();
  /** Whose records are, or were, in the spool. */
  readonly #owners = new Set<ParcelOwner>();
  #mode: DeliveryMode = 'direct';
  #retryReplayAt = 0;
  #cancelTick: (() => void) | undefined;
  #cancelCopy: (() => void) | undefined;
  #stopped = false;

  constructor(options: SpoolDetourOptions) {
    this.#options = options;
    const { spool, producer, maxMemoryBytes, progress } = options;
    this.#replay = new SpoolReplay({
      spool,
      producer,
      maxWindowBytes: Math.min(replayWindowBytes, maxMemoryBytes),
      onDelivered: (message) => {
        this.#forget(message, (owner, { extent, receivedAt }) => owner.onReplayed(extent.records, receivedAt));
        options.memory.checkRoom();
        progress.acknowledged();
      },
      onRejected: (message, error) => {
        this.#forget(message, (owner, { extent }) => owner.onLost(extent, 'rejected', error));
        options.memory.checkRoom();
      },
      onStopped: (error) => this.#replayStopped(error),
    });
  }

  get mode(): DeliveryMode {
    return this.#mode;
  }

  get status(): SpoolStatus {
    return this.#options.spool.status;
  }

  /** Counts what an earlier process left in the spool, and begins to send it. */
  start(recovered: ReadonlyMap<string, number>): void {
    for (const [key, records] of recovered) {
      const owner = this.#options.ownerOf(key);
      if (!owner) continue;
      this.#owners.add(owner);
      owner.onRecovered(records);
    }
    this.#options.progress.begin();
    if (this.status.messages > 0) this.#startReplay();
    this.#arm();
  }

  /** Notes a message; answers whether it takes the detour, or is to be sent directly. */
  takes(parcel: Parcel): boolean {
    this.#queue.push(parcel);
    if (this.#mode === 'direct') return false;
    parcel.acceptedAt = this.#options.clock.monotonic();
    this.#copy();
    return true;
  }

  /** After a direct message: much of the memory in use means that Kafka does not keep up. */
  relieveMemory(): void {
    if (this.#options.memory.isUsed(spoolFrom)) this.#begin('memory is half full');
  }

  /** A direct message failed that may yet succeed. */
  takeBack(parcel: Parcel, reason: string): void {
    // One that has no place in the spool is still in its place in the queue, before everything that came later.
    if (parcel.sequence === undefined) parcel.state = 'waiting';
    else this.#options.memory.release(parcel, 'spooled');
    this.#begin(reason);
  }

  /** A direct message was decided, which may be in the spool as well. */
  settled(parcel: Parcel): void {
    if (parcel.sequence === undefined) return;
    this.#options.spool.acknowledge(parcel.sequence);
    parcel.owner.onUnspooled(parcel.count);
  }

  /** Nothing goes into or out of the spool by itself any more. */
  stop(): void {
    this.#stopped = true;
    this.#cancelTick?.();
    this.#cancelCopy?.();
  }

  /** Leaves everything that Kafka has not acknowledged to the next process. */
  async leaveAll(): Promise<void> {
    const { spool, logger, onLeft } = this.#options;
    for (const parcel of this.#queue) {
      if (this.#copyOne(parcel)) continue;
      // Too much on its way to the disk, no room on it, or it refuses.
      await spool.flush().catch(() => {});
      if (!this.#copyOne(parcel)) onLeft(parcel);
    }
    await spool.flush().catch((error: Error) => logger.error(error.message));
  }

  async close(): Promise<void> {
    await this.#options.spool.close().catch(() => {});
  }

  /** Kafka takes nothing: everything goes through the spool until it has caught up. */
  #begin(reason: string): void {
    if (this.#stopped) return;
    if (this.#mode === 'direct') {
      const { clock, logger, onDetour } = this.#options;
      this.#mode = 'spooling';
      this.#retryReplayAt = clock.monotonic() + replayPauseMs;
      logger.warn('Kafka takes nothing, records go to the spool', { reason });
      onDetour?.(true, `Kafka takes nothing, records go to the spool: ${reason}`);
    }
    this.#copy();
  }

  /** Brings what has to go there into the spool, oldest first, some of it at a time. */
  #copy(): void {
    if (this.#cancelCopy || this.#stopped) return;
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
      if (!this.#copyOne(parcel)) break;
      bytes += parcel.bytes;
    }
    if (bytes === 0) return;
    this.#options.memory.checkRoom();
    if (this.#mode === 'replaying') this.#replay.wake();
  }

  #copyOne(parcel: Parcel): boolean {
    const { spool, memory, onRejected } = this.#options;
    const { owner } = parcel;
    let sequence: number | undefined;
    try {
      sequence = spool.append(parcel.message, writeNote(targetKey(owner.target), parcel));
    } catch (error) {
      // Larger than any record of the spool; Kafka would not have taken it either.
      onRejected(parcel, error as Error);
      return true;
    }
    if (sequence === undefined) return false;
    parcel.sequence = sequence;
    this.#owners.add(owner);
    owner.onSpooled(parcel.count);
    if (parcel.state === 'waiting') memory.release(parcel, 'spooled');
    return true;
  }

  #belongsInSpool(parcel: Parcel): boolean {
    const { spool, clock, stallMs } = this.#options;
    if (this.#mode === 'spooling') return true;
    // While the spool is caught up with, what is new waits for the last acknowledgements: its way is then direct.
    if (this.#mode === 'replaying' && spool.hasUnread) return true;
    return clock.monotonic() - parcel.acceptedAt >= stallMs;
  }

  #arm(): void {
    const { clock, stallMs } = this.#options;
    this.#cancelTick = clock.schedule(Math.max(10, stallMs / 8), () => {
      this.#tick();
      this.#arm();
    });
  }

  #tick(): void {
    const { clock, stallMs, progress, sent } = this.#options;
    if (this.#mode === 'direct' && sent() > 0 && progress.silentMs >= stallMs) {
      this.#begin(`nothing acknowledged for ${Math.round(progress.silentMs)} ms`);
    } else {
      // Whatever is old goes to disk as well, so that a killed process loses little.
      this.#copy();
    }
    if (this.#mode === 'spooling' && sent() === 0 && clock.monotonic() >= this.#retryReplayAt) this.#startReplay();
  }

  #startReplay(): void {
    this.#mode = 'replaying';
    this.#replay.start();
  }

  #replayStopped(error: Error | undefined): void {
    const { clock, logger, onDetour, dispatch, progress } = this.#options;
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
    onDetour?.(false, caughtUp);
    for (const parcel of this.#queue) if (parcel.state === 'waiting') dispatch(parcel);
    progress.decided();
  }

  #forget(message: SpooledMessage, account: (owner: ParcelOwner, note: SpoolNote) => void): void {
    this.#options.spool.acknowledge(message.sequence);
    const note = readNote(message);
    const owner = note && this.#options.ownerOf(note.target);
    if (!note || !owner) return;
    owner.onUnspooled(note.extent.records);
    account(owner, note);
  }
}

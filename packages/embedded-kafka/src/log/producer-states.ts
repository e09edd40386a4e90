import { ErrorCode } from '../wire/error-codes.js';
import type { BatchHeader } from './record-batch.js';

/** Batches per producer whose repetition is still recognised; idempotent producers keep at most five in flight. */
const WINDOW = 5;
/** Producers remembered per partition; the one that has been silent longest is forgotten first. */
const MAX_PRODUCERS = 10_000;
const MAX_SEQUENCE = 0x7fff_ffff;

interface RememberedBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
  readonly timestamp: number;
}

interface ProducerState {
  epoch: number;
  readonly batches: RememberedBatch[];
}

export type SequenceCheck =
  | { readonly kind: 'append' }
  | { readonly kind: 'duplicate'; readonly baseOffset: number; readonly timestamp: number }
  | { readonly kind: 'refused'; readonly errorCode: number };

function lastSequence(header: BatchHeader): number {
  const last = header.baseSequence + header.lastOffsetDelta;
  return last > MAX_SEQUENCE ? last - MAX_SEQUENCE - 1 : last;
}

/** What one partition remembers of idempotent producers: it refuses gaps and recognises repetitions. */
export class ProducerStates {
  readonly #states = new Map<number, ProducerState>();

  check(header: BatchHeader): SequenceCheck {
    const state = this.#states.get(header.producerId);
    if (!state) return { kind: 'append' };
    if (header.producerEpoch < state.epoch) return { kind: 'refused', errorCode: ErrorCode.INVALID_PRODUCER_EPOCH };
    if (header.producerEpoch > state.epoch) {
      if (header.baseSequence === 0) return { kind: 'append' };
      return { kind: 'refused', errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER };
    }
    const last = lastSequence(header);
    const same = state.batches.find((each) => each.firstSequence === header.baseSequence && each.lastSequence === last);
    if (same) return { kind: 'duplicate', baseOffset: same.baseOffset, timestamp: same.timestamp };
    const previous = state.batches.at(-1);
    // After a control batch of the same epoch there is no previous batch, and any sequence may follow.
    const expected =
      previous === undefined
        ? header.baseSequence
        : previous.lastSequence === MAX_SEQUENCE
          ? 0
          : previous.lastSequence + 1;
    if (header.baseSequence === expected) return { kind: 'append' };
    return { kind: 'refused', errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER };
  }

  remember(header: BatchHeader, baseOffset: number): void {
    const state = this.#state(header.producerId, header.producerEpoch);
    state.batches.push({
      firstSequence: header.baseSequence,
      lastSequence: lastSequence(header),
      baseOffset,
      timestamp: header.maxTimestamp,
    });
    if (state.batches.length > WINDOW) state.batches.shift();
  }

  epochOf(producerId: number): number | undefined {
    return this.#states.get(producerId)?.epoch;
  }

  /** A transaction marker fences older epochs without being part of the sequence. */
  fence(producerId: number, epoch: number): void {
    this.#state(producerId, epoch);
  }

  #state(producerId: number, epoch: number): ProducerState {
    const known = this.#states.get(producerId);
    if (known && known.epoch === epoch) return known;
    const state: ProducerState = { epoch, batches: [] };
    // Set anew, so that the map's order stays that of the last change of epoch.
    this.#states.delete(producerId);
    this.#states.set(producerId, state);
    if (this.#states.size > MAX_PRODUCERS) this.#states.delete(this.#states.keys().next().value!);
    return state;
  }
}

import type { Parcel } from './parcel.js';

/** Parcels in the order they came, until they are done or in the spool. Taking from the front costs nothing per parcel. */
export class ParcelQueue {
  #parcels: Parcel[] = [];
  #head = 0;

  /** The oldest that is neither done nor in the spool. */
  get oldest(): Parcel | undefined {
    for (; this.#head < this.#parcels.length; this.#head += 1) {
      const parcel = this.#parcels[this.#head]!;
      if (parcel.state !== 'done' && parcel.sequence === undefined) return parcel;
    }
    this.#parcels = [];
    this.#head = 0;
    return undefined;
  }

  push(parcel: Parcel): void {
    this.#parcels.push(parcel);
    if (this.#head > 1_024 && this.#head * 2 > this.#parcels.length) {
      this.#parcels = this.#parcels.slice(this.#head);
      this.#head = 0;
    }
  }

  /** All that are neither done nor in the spool, oldest first. */
  *[Symbol.iterator](): IterableIterator<Parcel> {
    if (!this.oldest) return;
    for (const parcel of this.#parcels.slice(this.#head)) {
      if (parcel.state !== 'done' && parcel.sequence === undefined) yield parcel;
    }
  }
}

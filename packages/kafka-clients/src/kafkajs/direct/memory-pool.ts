/** Most blocks kept for reuse, and the largest kept. Together they bound what an idle pool holds: 4 MiB. */
const MAX_BLOCKS = 16;
const MAX_BLOCK_BYTES = 256 * 1024;
/** Requests below this come from Node's own pool. */
const MIN_BLOCK_BYTES = 16 * 1024;

/**
 * Memory for requests. Fresh memory of that size is mapped page by page as it is written, and its garbage collected in
 * full rounds; used again it costs neither.
 */
export class MemoryPool {
  readonly #free: Buffer[] = [];

  /** Memory of that size with arbitrary content. */
  take(size: number): Buffer {
    if (size < MIN_BLOCK_BYTES || size > MAX_BLOCK_BYTES) return Buffer.allocUnsafe(size);
    const block = this.#free.pop() ?? Buffer.allocUnsafeSlow(MAX_BLOCK_BYTES);
    return block.subarray(0, size);
  }

  /** Gives back what `take` gave, when nobody reads it any more. What is in doubt is better left to the collector. */
  give(memory: Buffer): void {
    if (memory.buffer.byteLength !== MAX_BLOCK_BYTES || memory.byteOffset !== 0) return;
    if (this.#free.length < MAX_BLOCKS) this.#free.push(Buffer.from(memory.buffer));
  }

  /** Blocks waiting to be used again. */
  get free(): number {
    return this.#free.length;
  }
}

import type { Levels } from './levels.js';

/** Something kept in step with the levels of one side of a book: whatever a checksum will ask of each. */
export interface LevelColumn {
  /** Makes room at position `at` among `length` levels. */
  open(at: number, length: number): void;
  /** Takes out the one at `at` of `length`. */
  close(at: number, length: number): void;
  /** Takes out the first `count` of `length`. */
  drop(count: number, length: number): void;
  /** Puts at `at` what the frame says of its level `index`. */
  set(at: number, frame: Levels, index: number): void;
}

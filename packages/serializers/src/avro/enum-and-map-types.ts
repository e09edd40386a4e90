import { extendType, type Tap, type TypeInternals } from './extend-type.js';

/** An enum that knows its own symbols only: avsc looks them up in a plain object and accepts "constructor". */
export function ownSymbolsEnum(type: TypeInternals): TypeInternals {
  const indices: Record<string, number> = Object.assign(Object.create(null), type._indices);
  return extendType(type, { _indices: Object.freeze(indices) });
}

/** A map in which "__proto__" is a key like any other: avsc assigns it, which replaces the prototype. */
export function ownKeysMap(type: TypeInternals): TypeInternals {
  return extendType(type, {
    // A resolver borrows this function and has values of its own.
    _read(this: TypeInternals, tap: Tap): unknown {
      const values = this.valuesType!;
      const map: Record<string, unknown> = {};
      for (let left = blockCount(tap); left !== 0; left = blockCount(tap)) {
        for (; left > 0; left--) {
          const key = tap.readString();
          const value = values._read(tap);
          if (key === '__proto__') {
            Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
          } else {
            map[key] = value;
          }
          if (tap.pos > tap.buf.length) return map;
        }
      }
      return map;
    },
  });
}

// A negative count is followed by the size of the block in bytes, which only a skipping reader needs.
function blockCount(tap: Tap): number {
  const count = tap.readLong();
  if (count >= 0) return count;
  tap.readLong();
  return -count;
}

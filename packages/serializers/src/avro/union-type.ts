import { extendType, type ResolverLike, type TypeInternals, viewOf } from './extend-type.js';

/**
 * A union that resolves as the specification's reference does and, where it is null and one other type, is
 * written and read without avsc's detour: it finds the branch of a value through a table of type names, which
 * costs more than the value itself.
 */
export function fastUnion(union: TypeInternals): TypeInternals {
  const resolving = extendType(union, { _update: preferExactBranch(union) });
  const branches = union.types ?? [];
  const nullIndex = branches.findIndex((branch) => branch.typeName === 'null');
  if (branches.length !== 2 || nullIndex < 0 || union.typeName !== 'union:unwrapped') return resolving;

  const branch = branches[1 - nullIndex]!;
  // Both indices are one byte on the wire: zigzag of 0 is 0, of 1 is 2.
  const nullByte = nullIndex * 2;
  const valueByte = 2 - nullByte;
  const calls = branch.typeName === 'double' ? nullableDouble : nullableAny;
  return extendType(resolving, calls(branch, nullByte, valueByte));
}

type Calls = Pick<TypeInternals, '_read' | '_write'>;

const nullableAny = (branch: TypeInternals, nullByte: number, valueByte: number): Calls => ({
  _write(tap, value) {
    if (value === null || value === undefined) {
      tap.buf[tap.pos++] = nullByte;
    } else {
      tap.buf[tap.pos++] = valueByte;
      branch._write(tap, value);
    }
  },
  _read(tap) {
    const index = tap.buf[tap.pos++];
    if (index === valueByte) return branch._read(tap);
    return index === nullByte ? null : refuseIndex(index);
  },
});

// Most fields of a market record: without a second call they take half the time.
const nullableDouble = (branch: TypeInternals, nullByte: number, valueByte: number): Calls => ({
  _write(tap, value) {
    const { buf, pos } = tap;
    if (value === null || value === undefined) {
      buf[pos] = nullByte;
      tap.pos = pos + 1;
    } else if (typeof value !== 'number') {
      branch._write(tap, value);
    } else {
      buf[pos] = valueByte;
      tap.pos = pos + 9;
      if (pos + 9 <= buf.length) viewOf(tap).setFloat64(pos + 1, value, true);
    }
  },
  _read(tap) {
    const { buf, pos } = tap;
    const index = buf[pos];
    if (index === valueByte) {
      tap.pos = pos + 9;
      return pos + 9 <= buf.length ? viewOf(tap).getFloat64(pos + 1, true) : null;
    }
    tap.pos = pos + 1;
    return index === nullByte ? null : refuseIndex(index);
  },
});

function refuseIndex(index: number | undefined): null {
  // Past the end: the caller sees that the position is outside the buffer.
  if (index === undefined) return null;
  throw new Error(`invalid union index byte: ${index}`);
}

// avsc takes the first branch that can read the writer's type, which reads a long into a double when the double
// stands first; the reference takes the branch of the same type before any promotion.
function preferExactBranch(union: TypeInternals): TypeInternals['_update'] {
  const wrapped = union.typeName === 'union:wrapped';
  return (resolver: ResolverLike, writer: TypeInternals, options: object) => {
    const branches = union.types ?? [];
    const isExact = (branch: TypeInternals): boolean =>
      branch.typeName === writer.typeName && (branch.name === undefined || branch.name === writer.name);
    const ordered = [...branches.filter(isExact), ...branches.filter((branch) => !isExact(branch))];
    for (const branch of ordered) {
      let inner: ResolverLike;
      try {
        inner = branch.createResolver(writer, options);
      } catch {
        continue;
      }
      const Branch = branch._branchConstructor;
      resolver._read = wrapped && Branch ? (tap) => new Branch(inner._read!(tap)) : (tap) => inner._read!(tap);
      return;
    }
  };
}

import type { Type } from 'avsc';

/** avsc's reader and writer of one buffer, as far as our types use it. */
export interface Tap {
  buf: Buffer & { utf8Slice(start: number, end: number): string };
  pos: number;
  /** Ours: the same bytes for reading doubles. */
  view?: DataView;
  readLong(): number;
  readString(): string;
  writeLong(value: number): void;
}

/** One view for all doubles of a message: the engine reads and writes through it without a call. */
export function viewOf(tap: Tap): DataView {
  tap.view ??= new DataView(tap.buf.buffer, tap.buf.byteOffset, tap.buf.length);
  return tap.view;
}

/** What decoding through a resolver looks like inside avsc. */
export interface ResolverLike {
  _read: ((tap: Tap) => unknown) | null;
}

/** The calls by which avsc's types work with each other; stable throughout 5.x, which is why 5.7.9 is pinned. */
export interface TypeInternals extends Type {
  readonly types?: readonly TypeInternals[];
  readonly underlyingType?: TypeInternals;
  readonly symbols?: readonly string[];
  readonly fields?: readonly { readonly name: string }[];
  readonly valuesType?: TypeInternals;
  readonly _indices?: Readonly<Record<string, number>>;
  readonly _branchConstructor: (new (value: unknown) => unknown) | null;
  _read(tap: Tap): unknown;
  _write(tap: Tap, value: unknown): void;
  _update(resolver: ResolverLike, writer: TypeInternals, options: object): void;
  createResolver(writer: Type, options?: object): ResolverLike & object;
}

/**
 * The same type with some calls answered otherwise. avsc freezes its types, and a subclass is not possible for
 * the built-in ones, but an object that inherits from the instance is a type in every other respect.
 */
export function extendType(type: TypeInternals, calls: Partial<TypeInternals>): TypeInternals {
  const descriptors = Object.fromEntries(Object.entries(calls).map(([name, value]) => [name, { value }]));
  return Object.create(type, descriptors) as TypeInternals;
}

import type { Reader } from './reader.js';
import type { Writer } from './writer.js';

/** Reads and writes one type of the protocol in any of its versions. */
export interface Codec<T> {
  read(reader: Reader, version: number): T;
  write(writer: Writer, value: T, version: number): void;
}

const primitive = <T>(read: (reader: Reader) => T, write: (writer: Writer, value: T) => void): Codec<T> => ({
  read,
  write,
});

export const int8: Codec<number> = primitive(
  (reader) => reader.int8(),
  (writer, value) => writer.int8(value),
);
export const int16: Codec<number> = primitive(
  (reader) => reader.int16(),
  (writer, value) => writer.int16(value),
);
export const int32: Codec<number> = primitive(
  (reader) => reader.int32(),
  (writer, value) => writer.int32(value),
);
export const int64: Codec<number> = primitive(
  (reader) => reader.int64(),
  (writer, value) => writer.int64(value),
);
export const boolean: Codec<boolean> = primitive(
  (reader) => reader.boolean(),
  (writer, value) => writer.boolean(value),
);
export const uuid: Codec<string> = primitive(
  (reader) => reader.uuid(),
  (writer, value) => writer.uuid(value),
);
export const string: Codec<string> = primitive(
  (reader) => reader.string(),
  (writer, value) => writer.nullableString(value),
);
export const nullableString: Codec<string | null> = primitive(
  (reader) => reader.nullableString(),
  (writer, value) => writer.nullableString(value),
);
export const bytes: Codec<Buffer> = primitive(
  (reader) => reader.bytes(),
  (writer, value) => writer.nullableBytes(value),
);
export const nullableBytes: Codec<Buffer | null> = primitive(
  (reader) => reader.nullableBytes(),
  (writer, value) => writer.nullableBytes(value),
);

export const NO_UUID = '00000000-0000-0000-0000-000000000000';

/** An array that may be null. */
export function nullableArray<T>(item: Codec<T>): Codec<readonly T[] | null> {
  return {
    read(reader, version) {
      const count = reader.count();
      if (count < 0) return null;
      const items: T[] = [];
      for (let index = 0; index < count; index++) items.push(item.read(reader, version));
      return items;
    },
    write(writer, value, version) {
      writer.count(value === null ? -1 : value.length);
      if (value !== null) for (const each of value) item.write(writer, each, version);
    },
  };
}

/** An array; null is read as an empty one. */
export function array<T>(item: Codec<T>): Codec<readonly T[]> {
  const { read, write } = nullableArray(item);
  return { read: (reader, version) => read(reader, version) ?? [], write };
}

/** A field that exists from version `from` on. */
export function since<T>(from: number, codec: Codec<T>, absent: T): Codec<T> {
  return between(from, Number.MAX_SAFE_INTEGER, codec, absent);
}

/** A field that exists up to and including version `to`. */
export function until<T>(to: number, codec: Codec<T>, absent: T): Codec<T> {
  return between(0, to, codec, absent);
}

/** A field that exists from version `from` to version `to`, both included; the others read `absent` and write nothing. */
export function between<T>(from: number, to: number, codec: Codec<T>, absent: T): Codec<T> {
  return {
    read: (reader, version) => (version >= from && version <= to ? codec.read(reader, version) : absent),
    write(writer, value, version) {
      if (version >= from && version <= to) codec.write(writer, value, version);
    },
  };
}

/** Fields in the order in which they are written here, then, in flexible messages, tagged fields: none are written, all are skipped. */
export function struct<T>(fields: { readonly [K in keyof T]-?: Codec<T[K]> }): Codec<T> {
  const entries = Object.entries(fields) as [keyof T, Codec<T[keyof T]>][];
  return {
    read(reader, version) {
      const value = {} as T;
      for (const [name, codec] of entries) value[name] = codec.read(reader, version);
      reader.tags();
      return value;
    },
    write(writer, value, version) {
      for (const [name, codec] of entries) codec.write(writer, value[name], version);
      writer.tags();
    },
  };
}

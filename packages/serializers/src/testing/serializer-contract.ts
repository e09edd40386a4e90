import assert from 'node:assert/strict';
import type { Deserializer, MessageContext, Serializer } from '../serializer.js';

/** One promise of an interface, checked by any test runner: `for (const { title, check } of contract) test(title, () => check(subject))`. */
export interface ContractCase<Subject> {
  readonly title: string;
  readonly check: (subject: Subject) => Promise<void>;
}

/** A serializer with its mirror, and values that both know. */
export interface SerializerSubject {
  readonly serializer: Serializer;
  readonly deserializer: Deserializer;
  readonly context: MessageContext;
  /** Values that come back equal. At least two, and different from each other. */
  readonly values: readonly unknown[];
  /** A value that cannot be written. */
  readonly unwritable: unknown;
  /** Bytes that cannot be read. */
  readonly unreadable: Uint8Array;
}

const write = async ({ serializer, context }: SerializerSubject, value: unknown): Promise<Buffer> => {
  await serializer.prepare(context);
  const bytes = serializer.encode(value, context);
  assert.ok(Buffer.isBuffer(bytes), 'encode answers a Buffer');
  return bytes;
};

const read = async ({ deserializer, context }: SerializerSubject, bytes: Uint8Array): Promise<unknown> => {
  await deserializer.prepare(bytes, context);
  return deserializer.decode(bytes, context);
};

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** The promises of every pair of serializer and deserializer. */
export const serializerContract: readonly ContractCase<SerializerSubject>[] = [
  {
    title: 'reads back what it wrote',
    async check(subject) {
      for (const value of subject.values) {
        assert.deepEqual(plain(await read(subject, await write(subject, value))), plain(value));
      }
    },
  },
  {
    title: 'writes null and undefined as a tombstone, and reads it as null',
    async check({ serializer, deserializer, context }) {
      assert.equal(serializer.encode(null, context), null);
      assert.equal(serializer.encode(undefined, context), null);
      assert.equal(deserializer.prepare(null, context), undefined);
      assert.equal(deserializer.decode(null, context), null);
    },
  },
  {
    title: 'writes the same value to the same bytes, and never touches bytes it gave away',
    async check(subject) {
      const [first, second] = subject.values;
      const bytes = await write(subject, first);
      const copy = Buffer.from(bytes);
      await write(subject, second);
      assert.deepEqual(bytes, copy);
      assert.deepEqual(await write(subject, first), copy);
    },
  },
  {
    title: 'leaves the value and the bytes as they were',
    async check(subject) {
      for (const value of subject.values) {
        const before = JSON.stringify(value);
        const bytes = await write(subject, value);
        const copy = Buffer.from(bytes);
        await read(subject, bytes);
        assert.equal(JSON.stringify(value), before);
        assert.deepEqual(bytes, copy);
      }
    },
  },
  {
    title: 'needs nothing prepared once it has been prepared',
    async check(subject) {
      const bytes = await write(subject, subject.values[0]);
      await read(subject, bytes);
      assert.equal(subject.serializer.prepare(subject.context), undefined);
      assert.equal(subject.deserializer.prepare(bytes, subject.context), undefined);
    },
  },
  {
    title: 'reads bytes that lie inside a larger buffer',
    async check(subject) {
      const bytes = await write(subject, subject.values[0]);
      const around = Buffer.concat([Buffer.of(7, 7, 7), bytes, Buffer.of(7)]);
      const inside = new Uint8Array(around.buffer, around.byteOffset + 3, bytes.length);
      assert.deepEqual(plain(await read(subject, inside)), plain(subject.values[0]));
    },
  },
  {
    title: 'refuses what it cannot write or read with an error that names its code',
    async check(subject) {
      const isOurs = (error: unknown): boolean =>
        error instanceof Error &&
        error.name === 'SerializationError' &&
        typeof (error as { code?: unknown }).code === 'string';
      await assert.rejects(write(subject, subject.unwritable), isOurs);
      await assert.rejects(read(subject, subject.unreadable), isOurs);
      assert.deepEqual(plain(await read(subject, await write(subject, subject.values[0]))), plain(subject.values[0]));
    },
  },
];

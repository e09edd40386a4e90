import { createAvroCodec, createAvroDeserializer, createAvroSerializer, createJsonSerializer } from '@naru/serializers';
import avro from 'avsc';
import fastJson from 'fast-json-stringify';
import { confluentDecoder, kafkajsDecoder } from './registry-clients.js';
import { laterTradeSchema, tickerBatches, tickerSchema, tradeBatches, tradeSchema } from './samples.js';

/** A call to be measured; undefined where its package is not installed. */
export type Call = ((turn: number) => unknown) | undefined;

type Prepare = () => Call | Promise<Call>;

const context = { topic: 'bench' };
const pick = <T>(list: readonly T[], turn: number): T => list[turn % list.length]!;

/** Avro as avsc alone does it: into a buffer that is used again, which is the least that writing can cost. */
function rawEncoder(schema: string, values: readonly unknown[]): Call {
  const type = avro.Type.forSchema(JSON.parse(schema));
  const buffer = Buffer.alloc(65_536);
  return (turn) => type.encode(pick(values, turn), buffer, 5);
}

function framedEncoder(schema: string, values: readonly unknown[]): Call {
  const serializer = createAvroSerializer({ schema, id: 1 });
  return (turn) => serializer.encode(pick(values, turn), context);
}

const jsonMessages = (values: readonly unknown[]): Buffer[] =>
  values.map((value) => Buffer.from(JSON.stringify(value)));

function tradeMessages(): Buffer[] {
  const codec = createAvroCodec({ schema: tradeSchema, id: 1 });
  return tradeBatches().map((batch) => codec.encode(batch));
}

export const contestants: Readonly<Record<string, Readonly<Record<string, Prepare>>>> = {
  encode: {
    naru: () => framedEncoder(tickerSchema, tickerBatches()),
    json: () => {
      const batches = tickerBatches();
      return (turn) => Buffer.from(JSON.stringify(pick(batches, turn)));
    },
    avsc: () => rawEncoder(tickerSchema, tickerBatches()),
  },
  encodeTrade: {
    naru: () => framedEncoder(tradeSchema, tradeBatches()),
    avsc: () => rawEncoder(tradeSchema, tradeBatches()),
  },
  decode: {
    async naru() {
      const codec = createAvroCodec({ schema: tickerSchema, id: 1 });
      const messages = tickerBatches().map((batch) => codec.encode(batch));
      return (turn) => codec.decode(pick(messages, turn));
    },
    json: () => {
      const messages = jsonMessages(tickerBatches());
      return (turn) => JSON.parse(pick(messages, turn).toString());
    },
    avsc: () => {
      const type = avro.Type.forSchema(JSON.parse(tickerSchema));
      const messages = tickerBatches().map((batch) => type.toBuffer(batch));
      return (turn) => type.fromBuffer(pick(messages, turn));
    },
  },
  decodeOther: {
    async naru() {
      const messages = tradeMessages();
      const deserializer = createAvroDeserializer({
        reader: { schema: laterTradeSchema },
        known: [{ schema: tradeSchema, id: 1 }],
      });
      return (turn) => deserializer.decode(pick(messages, turn), context);
    },
    kafkajs: () => kafkajsDecoder(tradeSchema, laterTradeSchema, tradeBatches()),
    confluent: () => confluentDecoder(tradeSchema, laterTradeSchema, tradeBatches()),
  },
  json: {
    naru: () => {
      const serializer = createJsonSerializer();
      const batches = tickerBatches();
      return (turn) => serializer.encode(pick(batches, turn), context);
    },
    fastJsonStringify: () => {
      const batches = tickerBatches();
      const write = fastJson(jsonSchemaOf(batches[0]));
      return (turn) => Buffer.from(write(pick(batches, turn)));
    },
  },
};

/** A schema of a sample, in its order of fields: what a compiled writer needs to write the same bytes. */
function jsonSchemaOf(sample: unknown): fastJson.Schema {
  if (Array.isArray(sample)) return { type: 'array', items: jsonSchemaOf(sample[0]) as fastJson.ObjectSchema };
  if (typeof sample === 'object' && sample !== null) {
    const fields = Object.entries(sample).map(([name, value]) => [name, jsonSchemaOf(value)]);
    return { type: 'object', properties: Object.fromEntries(fields) };
  }
  return { type: typeof sample as 'string' | 'number' };
}

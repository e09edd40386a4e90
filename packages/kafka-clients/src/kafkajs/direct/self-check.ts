import type { OutgoingRecord } from '../../transport/transport-producer.js';
import { kafkajsInternals } from '../internals.js';
import { encodeProduceRequest, type ProduceInput } from './produce-request-encoder.js';

/** What stock kafkajs makes of the same request. */
export async function stockEncoding(input: ProduceInput): Promise<Buffer> {
  const { request } = kafkajsInternals().requests.Produce!.protocol({ version: 7 })(input);
  return (await request.encode()).buffer;
}

const records: readonly OutgoingRecord[] = [
  { key: null, value: null, timestamp: 1_700_000_000_000 },
  { key: 'KRW-BTC', value: 'x'.repeat(200), timestamp: 1_700_000_000_123 },
  {
    key: Buffer.from('키'),
    value: Buffer.from([0, 127, 128, 255]),
    headers: { 이름: 'ü', twice: ['a', Buffer.from('b')] },
    timestamp: 1_699_999_999_999,
  },
  { key: '', value: '😀'.repeat(100), headers: {}, timestamp: 1_999_999_999_999 },
];

const fixtures: readonly ProduceInput[] = [
  {
    acks: -1,
    timeout: 30_000,
    compression: 0,
    transactionalId: null,
    producerId: '9007199254740993',
    producerEpoch: 3,
    topicData: [
      {
        topic: 'realtime.ticker.korea',
        partitions: [
          { partition: 0, firstSequence: 2_147_483_640, messages: records },
          { partition: 11, firstSequence: 0, messages: records.slice(1, 2) },
        ],
      },
      { topic: 'ws.error', partitions: [{ partition: 3, firstSequence: 7, messages: records.slice(2) }] },
    ],
  },
  {
    acks: 1,
    timeout: 1,
    compression: 0,
    transactionalId: 'tx',
    topicData: [{ topic: 't', partitions: [{ partition: 0, firstSequence: 0, messages: records }] }],
  },
];

let checked: Promise<boolean> | undefined;

/** Whether the direct encoder writes what the installed kafkajs writes. Found out once, before it is used. */
export function directEncoderAgrees(): Promise<boolean> {
  checked ??= (async () => {
    try {
      for (const fixture of fixtures) {
        if (!(await encodeProduceRequest(fixture, undefined)).equals(await stockEncoding(fixture))) return false;
      }
      return true;
    } catch {
      return false;
    }
  })();
  return checked;
}

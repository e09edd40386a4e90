import { describe, expect, it } from 'vitest';
import type { AnyApi } from '../apis/api.js';
import { apis } from '../apis/index.js';
import { sampleRequests } from '../clients/sample-requests.js';
import type { Codec } from './codec.js';
import { Reader } from './reader.js';
import { Writer } from './writer.js';

const cases = sampleRequests.flatMap(({ api, body }, index) =>
  Array.from({ length: api.maxVersion - api.minVersion + 1 }, (_, offset) => ({
    title: `${api.name} v${api.minVersion + offset} (sample ${index})`,
    api,
    body,
    version: api.minVersion + offset,
  })),
);

function encode(api: AnyApi, codec: Codec<unknown>, value: unknown, version: number): Buffer {
  const writer = new Writer(8);
  writer.flexible = version >= api.flexibleFrom;
  codec.write(writer, value, version);
  return Buffer.concat(writer.parts());
}

function decode(
  api: AnyApi,
  codec: Codec<unknown>,
  bytes: Buffer,
  version: number,
): { value: unknown; unread: number } {
  const reader = new Reader(bytes);
  reader.flexible = version >= api.flexibleFrom;
  return { value: codec.read(reader, version), unread: reader.remaining };
}

describe('codecs', () => {
  it('are sampled for every API', () => {
    expect(new Set(sampleRequests.map(({ api }) => api.name))).toEqual(
      new Set([...apis.values()].map(({ name }) => name)),
    );
  });

  it.each(cases)('read what they wrote: $title', ({ api, body, version }) => {
    const request = encode(api, api.request, body, version);
    const read = decode(api, api.request, request, version);
    expect(read.unread).toBe(0);
    expect(encode(api, api.request, read.value, version)).toEqual(request);
    const refusal = encode(api, api.response, api.refuse(read.value, 41), version);
    const answer = decode(api, api.response, refusal, version);
    expect(answer.unread).toBe(0);
    expect(encode(api, api.response, answer.value, version)).toEqual(refusal);
  });
});

import { expect, it } from 'vitest';
import { exchanges } from '../exchanges.js';
import { sampleFrames } from './sample-frames.js';

it('has frames of every exchange and kind, and all of them are read', () => {
  expect(sampleFrames).toHaveLength(exchanges.names.length * 3);
  for (const { exchange, kind, code, frames } of sampleFrames) {
    const session = exchanges.get(exchange).createSession(kind);
    session.changeSymbols([code]);
    const received = frames.map((frame) => session.receive(frame, 1));
    expect(
      received.flatMap(({ failures }) => failures),
      `${exchange} ${kind}`,
    ).toEqual([]);
    expect(received.flatMap(({ records }) => records).at(-1), `${exchange} ${kind}`).toMatchObject({ code });
  }
});

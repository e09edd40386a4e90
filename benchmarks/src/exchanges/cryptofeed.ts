import { fileURLToPath } from 'node:url';
import { runForJson } from '../harness/child-measurement.js';
import { median } from '../harness/rounds.js';

/** A frame as it is on the wire. */
export interface WireFrame {
  readonly exchange: string;
  readonly kind: string;
  readonly payload: string | Buffer;
}

const python = process.env.PYTHON ?? 'python3';
const script = fileURLToPath(new URL('../../src/exchanges/cryptofeed_read.py', import.meta.url));

/** Microseconds that cryptofeed takes for each frame; null for those it does not read, and for all without it. */
export async function cryptofeedTimes(
  frames: readonly WireFrame[],
  rounds: number,
): Promise<readonly (number | null)[]> {
  const tasks = JSON.stringify(
    frames.map(({ exchange, kind, payload }) => ({
      exchange,
      kind,
      payload: Buffer.from(payload as string).toString('base64'),
      binary: typeof payload !== 'string',
    })),
  );
  const times: (number | null)[][] = [];
  for (let round = 0; round < rounds; round += 1) {
    try {
      times.push(await runForJson<(number | null)[]>(python, ['-B', script, tasks]));
    } catch {
      return frames.map(() => null);
    }
  }
  return frames.map((_, at) => median(times.map((round) => round[at]).filter((time) => typeof time === 'number')));
}

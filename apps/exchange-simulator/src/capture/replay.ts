import type { Clock } from '@naru/core';
import type { WebSocket } from 'ws';
import type { CapturedFrame } from './capture-file.js';

/** A capture to be sent instead of what the exchange would be played with. */
export interface Replay {
  readonly exchange: string;
  readonly frames: readonly CapturedFrame[];
  /** How many times as fast as it was recorded. Default 1. */
  readonly speed?: number;
}

/** Sends a capture to a client, from its first message on. */
export function replayTo(client: WebSocket, { frames, speed = 1 }: Replay, clock: Clock): void {
  let cancel = (): void => {};
  const from = (index: number): void => {
    const frame = frames[index];
    if (frame === undefined || client.readyState !== client.OPEN) return;
    client.send(frame.data, { binary: typeof frame.data !== 'string' });
    const next = frames[index + 1];
    if (next === undefined) return;
    cancel = clock.schedule(Math.max(0, (next.atMs - frame.atMs) / speed), () => from(index + 1));
  };
  client.once('message', () => from(0));
  client.on('close', () => cancel());
  client.on('error', () => {});
}

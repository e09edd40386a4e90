import type { RequestType } from '@naru/core';
import { CommandFailure } from '../command/ending/command-failure.js';
import { startChild } from './child.js';
import { installedCommand } from './installed-command.js';

/** What the simulator says of itself. */
export interface SimulatorFigures {
  /** Live frames sent. */
  readonly sent: number;
  readonly cpu_us: number;
  readonly rss_bytes: number;
}

/** What one sequence has sent, as the simulator tells it. */
export interface SentFrames {
  readonly exchange: string;
  readonly kind: RequestType;
  readonly code: string;
  /** Live frames. */
  readonly sent: number;
  /** Frames replayed on subscribing. */
  readonly replayed: number;
}

/** The exchanges, in a process of their own. They send nothing until a rate is set. */
export interface SimulatorProcess extends AsyncDisposable {
  readonly host: string;
  url(exchange: string): string;
  setRate(framesPerSecond: number): Promise<void>;
  figures(): Promise<SimulatorFigures>;
  sentByStream(): Promise<readonly SentFrames[]>;
}

/** It is asked for by name, not imported: the gateway runs without it. */
const simulatorPackage = '@naru/exchange-simulator';

/** Frames are garbage as soon as they are sent: more room for young objects means fewer collections. */
const node = ['--max-semi-space-size=64'];

export async function startSimulator(seed: number): Promise<SimulatorProcess> {
  const args = [...node, installedCommand(simulatorPackage), '--port', '0', '--rate', '0', '--seed', String(seed)];
  const child = await startChild({ name: 'simulator', args });
  const host = /ws:\/\/([^/\s]+)/.exec(child.readyLine)?.[1];
  if (host === undefined) {
    await child.stop();
    throw new CommandFailure('failed', `The simulator said "${child.readyLine}" where its address was expected.`);
  }
  const ask = async <T>(path: string, method = 'GET'): Promise<T> => {
    const response = await fetch(`http://${host}/simulator${path}`, { method, signal: AbortSignal.timeout(10_000) });
    if (!response.ok) {
      throw new CommandFailure(
        'failed',
        `The simulator answered ${path} with ${response.status}. Update ${simulatorPackage} to the gateway's version.`,
      );
    }
    return (await response.json()) as T;
  };
  return {
    host,
    url: (exchange) => `ws://${host}/${exchange}`,
    setRate: async (framesPerSecond) => void (await ask(`/rate?frames=${framesPerSecond}`, 'POST')),
    figures: () => ask('', 'GET'),
    sentByStream: () => ask('/streams'),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const fleetSize = 8;
export const maxProbes = 3;
export const openMs = 200;
export const probeLeaseMs = 1_000;
export const rampMs = 600;
const rampSlots = 12;

interface Call {
  readonly id: string;
  readonly worker: number;
  readonly isProbe: boolean;
  readonly answer: (ok: boolean) => void;
}

interface Worker {
  readonly process: ChildProcess;
  state: string;
  /** When it first opened in this round. Later is only what its own probes did. */
  openedAt: number | undefined;
}

/** What the rounds measured, ms. */
export interface FleetReport {
  readonly rounds: number;
  readonly killed: number;
  readonly mostProbesAtOnce: number;
  /** From the first process that opened to the last one. */
  readonly openSpreadMs: number[];
  /** From the moment the exchange was well again to the first closed process. */
  readonly closeMs: number[];
  /** Calls that reached the exchange in each twelfth of the ramp, over all rounds. */
  readonly rampCalls: number[];
  /** The same over as long a time when everything is let in. */
  readonly fullCalls: number;
}

/** Eight processes behind one Redis, and the exchange they call. */
export class Fleet implements AsyncDisposable {
  readonly #redisUrl: string;
  readonly #name: string;
  readonly #server: Server = createServer((socket) => this.#serve(socket));
  readonly #workers = new Map<number, Worker>();
  readonly #calls = new Set<Call>();
  readonly #watchers = new Set<() => void>();
  #mood: 'ok' | 'fail' | 'hold' = 'ok';
  #mostProbes = 0;
  #killed = 0;
  #arrived: number[] = [];
  #problem: Error | undefined;

  constructor(redisUrl: string, name: string) {
    this.#redisUrl = redisUrl;
    this.#name = name;
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    for (let at = 0; at < fleetSize; at++) this.#spawn();
    await this.#until(() => this.#all('ready'));
  }

  /** Trip, probes whose processes are killed, recovery, and the way back in; checked as it goes. */
  async run(rounds: number): Promise<FleetReport> {
    const openSpreadMs: number[] = [];
    const closeMs: number[] = [];
    const rampCalls = Array.from({ length: rampSlots }, () => 0);
    for (let round = 0; round < rounds; round++) {
      for (const worker of this.#workers.values()) worker.openedAt = undefined;
      this.#mood = 'fail';
      // By then the first may probe already: whoever was open once has heard of it.
      const opened = await this.#until(() => this.#openedAll());
      openSpreadMs.push(Math.max(...opened) - Math.min(...opened));

      this.#mood = 'hold';
      // Not before two probes are under way: with both places lost the third alone cannot close the circuit.
      await this.#until(() => this.#probing().size >= 2);
      for (const pid of [...this.#probing()].slice(0, 2)) await this.#kill(pid);
      this.#mood = 'ok';
      const well = now();
      for (const call of [...this.#calls]) this.#answer(call);
      await this.#until(() => [...this.#workers.values()].some(({ state }) => state === 'closed'));
      const closed = now();
      closeMs.push(closed - well);
      this.#arrived = [];
      await this.#until(() => now() - closed >= rampMs + 200 && this.#all('closed', 'ready'));
      for (const at of this.#arrived) {
        const slot = Math.floor(((at - closed) / rampMs) * rampSlots);
        if (slot >= 0 && slot < rampSlots) rampCalls[slot]! += 1;
      }
    }
    const begin = now();
    this.#arrived = [];
    await this.#until(() => now() - begin >= (rampMs / rampSlots) * 4);
    const fullCalls = (this.#arrived.length / 4) * rounds;
    return {
      rounds,
      killed: this.#killed,
      mostProbesAtOnce: this.#mostProbes,
      openSpreadMs,
      closeMs,
      rampCalls,
      fullCalls,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = [...this.#workers.values()].map(({ process: child }) => once(child, 'exit'));
    for (const { process: child } of this.#workers.values()) child.kill('SIGKILL');
    await Promise.all(ended);
    this.#server.close();
  }

  #spawn(): void {
    const { port } = this.#server.address() as { port: number };
    const options = { name: this.#name, openMs, maxProbes, probeLeaseMs, rampMs, pollMs: 5_000 };
    const child = fork(
      fileURLToPath(new URL('worker.mjs', import.meta.url)),
      [this.#redisUrl, String(port), JSON.stringify(options)],
      {
        execArgv: [],
      },
    );
    const worker: Worker = { process: child, state: 'starting', openedAt: undefined };
    this.#workers.set(child.pid!, worker);
    child.on('message', (message: { to: string; at?: number }) => {
      // A process that joins an open circuit hears of it before it is ready.
      if (message.to !== 'ready' || worker.state === 'starting') worker.state = message.to;
      if (message.to === 'open') worker.openedAt ??= message.at;
      this.#changed();
    });
    child.on('exit', (_code, signal) => {
      this.#workers.delete(child.pid!);
      if (signal !== 'SIGKILL') this.#fail(`a process ended by itself`);
    });
  }

  async #kill(pid: number): Promise<void> {
    const child = this.#workers.get(pid)!.process;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    this.#killed += 1;
    this.#spawn();
  }

  #serve(socket: Socket): void {
    let worker: number | undefined;
    socket.on('error', () => {});
    socket.on('close', () => {
      for (const call of this.#calls) if (call.worker === worker) this.#calls.delete(call);
    });
    const lines = createInterface({ input: socket });
    // A killed process resets its connection, and the reader of lines repeats that error.
    lines.on('error', () => {});
    lines.on('line', (line) => {
      if (worker === undefined) {
        worker = Number(line);
        return;
      }
      const [id = '', state] = line.split(' ');
      if (state === 'hangs-up') {
        for (const call of this.#calls) if (call.worker === worker && call.id === id) this.#calls.delete(call);
        return;
      }
      const call: Call = {
        id,
        worker,
        isProbe: state === 'half-open',
        answer: (ok) => void socket.write(`${id} ${ok ? 'ok' : 'fail'}\n`),
      };
      this.#calls.add(call);
      this.#arrived.push(now());
      const probes = [...this.#calls].filter(({ isProbe }) => isProbe).length;
      this.#mostProbes = Math.max(this.#mostProbes, probes);
      if (probes > maxProbes) this.#fail(`${probes} probes at once`);
      if (this.#mood !== 'hold' || !call.isProbe) this.#answer(call);
      this.#changed();
    });
  }

  #answer(call: Call): void {
    if (this.#calls.delete(call)) call.answer(this.#mood === 'ok');
  }

  #all(...states: string[]): boolean {
    return this.#workers.size === fleetSize && [...this.#workers.values()].every(({ state }) => states.includes(state));
  }

  /** When each opened, once all did. */
  #openedAll(): number[] | undefined {
    const times = [...this.#workers.values()].flatMap(({ openedAt }) => openedAt ?? []);
    return times.length === fleetSize ? times : undefined;
  }

  #probing(): Set<number> {
    return new Set([...this.#calls].filter(({ isProbe }) => isProbe).map(({ worker }) => worker));
  }

  #fail(message: string): void {
    this.#problem = new assert.AssertionError({ message });
    this.#changed();
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }

  /** Waits for the fleet to come to what is asked, looking whenever something happens. */
  #until<T>(condition: () => T | undefined | false): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.#problem ? undefined : condition();
        if (this.#problem) reject(this.#problem);
        else if (found) resolve(found);
        else return;
        this.#watchers.delete(look);
        clearInterval(ticking);
      };
      const ticking = setInterval(look, 20);
      this.#watchers.add(look);
      look();
    });
  }
}

const now = (): number => performance.timeOrigin + performance.now();

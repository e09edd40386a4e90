import { percentile } from '../harness/rounds.js';
import type { KafkaMeasurement } from './task.js';

/** Counts messages and the process's CPU time between `start` and `stop`. */
export class Stopwatch {
  #startedAt = 0;
  #cpu: NodeJS.CpuUsage = process.cpuUsage();
  #messages = 0;
  readonly #latencies: number[] = [];
  #running = false;

  start(): void {
    this.#running = true;
    this.#startedAt = performance.now();
    this.#cpu = process.cpuUsage();
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  count(messages: number): void {
    if (this.#running) this.#messages += messages;
  }

  latency(ms: number): void {
    if (this.#running) this.#latencies.push(ms);
  }

  stop(): KafkaMeasurement {
    this.#running = false;
    const { user, system } = process.cpuUsage(this.#cpu);
    return {
      rate: (this.#messages * 1_000) / this.elapsedMs,
      cpuShare: (user + system) / 1_000 / this.elapsedMs,
      cpuMicros: (user + system) / Math.max(1, this.#messages),
      p50: percentile(this.#latencies, 0.5),
      p99: percentile(this.#latencies, 0.99),
    };
  }
}

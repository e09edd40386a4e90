import {
  type BatchCollected,
  type Clock,
  createBatchCollected,
  createPerformanceSummary,
  systemClock,
  type Target,
  targetKey,
} from '@naru/core';
import { duration } from '../../option-checks.js';
import { EventProducer, type EventProducerOptions } from './event-producer.js';

export interface BatchMonitoringProducerOptions extends EventProducerOptions {
  /** How often each target's batches are summed up, milliseconds; 0 for only when asked. Default 60,000. */
  readonly summaryPeriodMs?: number | undefined;
}

interface Totals {
  readonly target: Target;
  readonly since: number;
  batches: number;
  messages: number;
  symbols: number;
  efficiency: number;
}

/** Publishes to `monitoring.batch.performance`, JSON: each collected batch, and a summary per target and period. */
export class BatchMonitoringProducer extends EventProducer {
  readonly #clock: Clock;
  readonly #periodMs: number;
  readonly #totals = new Map<string, Totals>();
  #cancel: (() => void) | undefined;

  constructor(options: BatchMonitoringProducerOptions) {
    super(options);
    this.#clock = options.clock ?? systemClock;
    this.#periodMs = duration('summaryPeriodMs', options.summaryPeriodMs ?? 60_000);
  }

  override async startProducer(): Promise<void> {
    await super.startProducer();
    this.#schedule();
  }

  /** Sends the summaries of the period that has begun, then stops. */
  override async stopProducer(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    await this.sendSummaries();
    await super.stopProducer();
  }

  sendBatchCollected(target: Target, stats: BatchCollected['stats']): Promise<boolean> {
    const key = targetKey(target);
    let totals = this.#totals.get(key);
    if (!totals) {
      totals = { target, since: this.#clock.monotonic(), batches: 0, messages: 0, symbols: 0, efficiency: 0 };
      this.#totals.set(key, totals);
    }
    totals.batches += 1;
    totals.messages += stats.batch_size;
    totals.symbols += stats.unique_symbols;
    totals.efficiency += stats.cache_efficiency;
    return this.produceSending(
      this.topics.batchPerformance,
      createBatchCollected({ target, stats }, this.eventContext),
      key,
    );
  }

  /** Sums up every target that had batches since the last time. True when all summaries were delivered. */
  async sendSummaries(): Promise<boolean> {
    const all = [...this.#totals.values()];
    this.#totals.clear();
    return (await Promise.all(all.map((totals) => this.#sendSummary(totals)))).every(Boolean);
  }

  #sendSummary({ target, since, batches, messages, symbols, efficiency }: Totals): Promise<boolean> {
    const seconds = Math.max(0.001, (this.#clock.monotonic() - since) / 1_000);
    const summary = createPerformanceSummary(
      {
        target,
        aggregated_stats: {
          total_batches: batches,
          total_messages: messages,
          avg_batch_size: messages / batches,
          avg_symbols_per_batch: symbols / batches,
          avg_cache_efficiency: efficiency / batches,
          messages_per_second: messages / seconds,
          batches_per_minute: (batches * 60) / seconds,
          elapsed_seconds: seconds,
        },
        summary_period_seconds: this.#periodMs / 1_000,
      },
      this.eventContext,
    );
    return this.produceSending(this.topics.batchPerformance, summary, targetKey(target));
  }

  #schedule(): void {
    if (this.#periodMs === 0) return;
    this.#cancel = this.#clock.schedule(this.#periodMs, () => {
      void this.sendSummaries();
      this.#schedule();
    });
  }
}

import { type RequestType, type Target, targetKey } from '@naru/core';
import { exchanges, type SessionOptions } from '@naru/exchanges';
import type { GatewayConfig } from '../config/gateway-config.js';
import type { EventPublisher } from '../events/event-publisher.js';
import type { Ownership } from '../fleet/ownership.js';
import type { CommandProgress } from '../orchestration/command-progress.js';
import type { ConnectionRecorder } from '../orchestration/connection-recorder.js';
import { StreamOrchestrator } from '../orchestration/stream-orchestrator.js';
import { createConnectionBudgets } from '../streams/connection-budget.js';
import { createDial } from '../streams/dial.js';
import { fetchSnapshot } from '../streams/fetch-snapshot.js';
import type { Breakers } from './breakers.js';
import type { Foundation } from './foundation.js';
import type { RecordDelivery } from './record-delivery.js';

export interface StreamsParts extends Foundation {
  readonly records: RecordDelivery;
  readonly events: EventPublisher;
  readonly progress: CommandProgress;
  readonly recorder: ConnectionRecorder;
  readonly breakers: Breakers;
  readonly ownership: Ownership;
}

/** The orchestrator with all that its streams need. */
export function createStreams(parts: StreamsParts): StreamOrchestrator {
  const { config, overrides, clock, logger, metrics, records, events, progress, recorder, breakers, ownership } = parts;
  const dial = overrides.dial ?? createDial({ ...config.connections, policy: config.connections });
  const budgets = createConnectionBudgets(clock);
  const findAdapter =
    overrides.findAdapter ??
    ((exchange: string, kind: RequestType) =>
      exchanges.supports(exchange, kind) ? exchanges.get(exchange) : undefined);
  const budgetOf = ({ exchange, request_type }: Target) => {
    const adapter = findAdapter(exchange, request_type);
    return adapter && budgets(adapter);
  };
  return new StreamOrchestrator({
    ownership,
    mayReceive: (target) => (config.redis.whenAway === 'continue' ? () => true : ownership.watch(target)),
    findAdapter,
    addressPolicy: config.connections,
    createPublisher: (target) => records.createPublisher(target),
    recorder,
    events,
    progress,
    metrics,
    logger,
    clock,
    connection: (target) => ({
      dial,
      fetchSnapshot: overrides.fetchSnapshot ?? fetchSnapshot,
      admit: (attempt) => breakers.of(targetKey(target)).execute(attempt),
      budget: budgetOf(target),
      proofTimeoutMs: config.commands.proofTimeoutMs,
      session: sessionOptions(config),
    }),
  });
}

function sessionOptions({ orderbooks: { depth, intervalMs } }: GatewayConfig): Omit<SessionOptions, 'address'> {
  return { depth, publish: intervalMs === 0 ? 'every-change' : { intervalMs } };
}

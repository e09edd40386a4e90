import { type Boundary, createErrorEvent, describeError, type Target, targetKey } from '@naru/core';
import { EventProducer } from './event-producer.js';

export interface ErrorReport {
  /** Absent where the failure belongs to no stream. */
  readonly target?: Target | undefined;
  readonly error: unknown;
  /** Where it was caught; with the error's class it decides domain and code. */
  readonly kind: Boundary;
  /** What was at hand when it failed. It is published: no secrets. */
  readonly context?: Readonly<Record<string, unknown>> | undefined;
  readonly correlationId?: string | undefined;
}

/** Publishes to `ws.error`, JSON. */
export class ErrorEventProducer extends EventProducer {
  sendErrorEvent({ target, error, kind, context, correlationId }: ErrorReport): Promise<boolean> {
    const event = createErrorEvent(
      { target, correlationId, context, error: describeError(kind, error) },
      this.eventContext,
    );
    return this.produceSending(this.topics.error, event, target && targetKey(target));
  }
}

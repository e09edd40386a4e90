import type { BreakerStore } from '@naru/circuit-breaker';
import type { Clock, Logger } from '@naru/core';
import type { KafkaTransport } from '@naru/kafka-clients';
import type { LeaseStore, MessageBus, WebsocketConnectionCache } from '@naru/redis-cache';
import type { RateSource } from '../conversion/rate-source.js';
import type { PrometheusMetrics } from '../operations/prometheus-metrics.js';
import type { FindAdapter } from '../orchestration/command-check.js';
import type { Dial } from '../streams/dial.js';
import type { FetchSnapshot } from '../streams/fetch-snapshot.js';
import type { Schemas } from './schemas.js';

/**
 * Collaborators to be used in place of those that the configuration leads to. What is given stays the giver's: the
 * gateway does not close it.
 */
export interface Overrides {
  readonly clock?: Clock;
  /** Default: JSON lines on stderr. */
  readonly logger?: Logger;
  /** What `/metrics` shows. */
  readonly metrics?: PrometheusMetrics;
  /** Kafka by another way, such as in memory. Neither `kafka.brokers` nor TLS and SASL are looked at then. */
  readonly transport?: KafkaTransport;
  /** Encoders in place of those that the registry's schemas give; then no registry is asked. */
  readonly schemas?: Schemas;
  /** The 99th percentile of the event loop's delay since the last call, in milliseconds. */
  readonly readEventLoopP99Ms?: () => number;
  /** Where connection state is kept. */
  readonly connections?: WebsocketConnectionCache;
  /** Who owns which stream. */
  readonly leases?: LeaseStore;
  /** How the members of the fleet ask each other. */
  readonly bus?: MessageBus;
  /** Where circuits are kept. */
  readonly breakerStore?: BreakerStore;
  /** The exchanges that are spoken. */
  readonly findAdapter?: FindAdapter;
  /** What a dollar costs in won; records gain amounts in won whatever `krw.conversion` says. */
  readonly rates?: RateSource;
  /** Opens WebSockets. The address policy's look at resolved addresses is this function's own then. */
  readonly dial?: Dial;
  /** Gets snapshots that exchanges give over HTTP. */
  readonly fetchSnapshot?: FetchSnapshot;
}

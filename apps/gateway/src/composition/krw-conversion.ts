import type { Clock, Logger } from '@naru/core';
import type { MessageBus } from '@naru/redis-cache';
import { fixedNeedsRate } from '../config/contradictions.js';
import type { GatewayConfig } from '../config/gateway-config.js';
import { createFixedRate } from '../conversion/fixed-rate.js';
import { type Convert, createKrwConversion } from '../conversion/krw-conversion.js';
import type { RateSource } from '../conversion/rate-source.js';
import { shareRate } from '../conversion/shared-rate.js';
import { createTickerRate } from '../conversion/ticker-rate.js';
import { GatewayError } from '../gateway-error.js';
import type { PrometheusMetrics } from '../operations/prometheus-metrics.js';
import { exposeRate } from '../operations/rate-metrics.js';
import type { ClosingStack } from './closing-stack.js';

export interface KrwConversionParts {
  readonly config: Pick<GatewayConfig, 'krw'>;
  /** In place of the one that the configuration leads to. */
  readonly rates: RateSource | undefined;
  /** Where the members of a fleet tell each other the rate of a ticker. */
  readonly bus: MessageBus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: PrometheusMetrics;
}

/** The conversion that is configured; undefined where records stay as the exchanges send them. */
export async function prepareKrwConversion(
  parts: KrwConversionParts,
  closing: ClosingStack,
): Promise<Convert | undefined> {
  const rates = parts.rates ?? (await configuredRates(parts, closing));
  if (!rates) return undefined;
  exposeRate(parts.metrics.registry, rates);
  return createKrwConversion({ rates, logger: parts.logger });
}

async function configuredRates(
  { config: { krw }, bus, clock, logger }: KrwConversionParts,
  closing: ClosingStack,
): Promise<RateSource | undefined> {
  switch (krw.conversion) {
    case 'off':
      return undefined;
    case 'fixed':
      if (krw.rate === undefined) throw new GatewayError('invalid_configuration', `${fixedNeedsRate}.`);
      return createFixedRate(krw.rate, clock.now() / 1_000);
    case 'ticker': {
      const rate = createTickerRate({ ...krw, clock });
      closing.defer('shared rate', await shareRate({ rate, bus, clock, logger }));
      return rate;
    }
  }
}

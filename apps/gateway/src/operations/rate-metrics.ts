import { Gauge, type Registry } from 'prom-client';
import type { RateSource } from '../conversion/rate-source.js';

/** Shows the rate that records are converted with, read at the moment Prometheus asks. */
export function exposeRate(registry: Registry, rates: Pick<RateSource, 'current'>): void {
  new Gauge({
    name: 'gateway_fx_rate_usd_krw',
    help: 'won for a dollar that amounts are converted with; 0 while no rate is known and nothing is converted',
    registers: [registry],
    collect() {
      this.set(rates.current()?.krwPerUsd ?? 0);
    },
  });
}

import type { MetricLabels, Metrics } from '@naru/core';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Metrics kept for Prometheus to read. */
export interface PrometheusMetrics extends Metrics {
  readonly registry: Registry;
  /** The exposition and its content type. */
  render(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** Seconds, from a fraction of a millisecond to half a minute. */
const buckets = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Registers each metric at its first use, with the labels it is used with first. */
export function createPrometheusMetrics(): PrometheusMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();

  const known = <M>(metrics: Map<string, M>, name: string, create: () => M): M => {
    let metric = metrics.get(name);
    if (!metric) {
      metric = create();
      metrics.set(name, metric);
    }
    return metric;
  };
  const describe = (name: string, labels: MetricLabels) => ({
    name,
    help: name.replaceAll('_', ' '),
    labelNames: Object.keys(labels),
    registers: [registry],
  });

  return {
    registry,
    count(name, by = 1, labels = {}) {
      known(counters, name, () => new Counter(describe(name, labels))).inc(labels, by);
    },
    gauge(name, value, labels = {}) {
      known(gauges, name, () => new Gauge(describe(name, labels))).set(labels, value);
    },
    observe(name, value, labels = {}) {
      known(histograms, name, () => new Histogram({ ...describe(name, labels), buckets })).observe(labels, value);
    },
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

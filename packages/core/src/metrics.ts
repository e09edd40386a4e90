/** Label names and values of one series. Keep them few: no symbols, no ids. */
export type MetricLabels = Readonly<Record<string, string>>;

/**
 * The little that packages ask of a metrics library. Names are Prometheus names in base units
 * (`_seconds`, `_bytes`, `_total`); the implementation decides how they are registered.
 */
export interface Metrics {
  /** Adds to a counter. `by` defaults to 1 and is never negative. */
  count(name: string, by?: number, labels?: MetricLabels): void;
  /** Sets a gauge. */
  gauge(name: string, value: number, labels?: MetricLabels): void;
  /** Records one observation of a distribution. */
  observe(name: string, value: number, labels?: MetricLabels): void;
}

const ignore = (): void => {};

/** Measures nothing: the default wherever metrics can be passed. */
export const silentMetrics: Metrics = { count: ignore, gauge: ignore, observe: ignore };

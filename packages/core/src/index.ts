export { type Clock, systemClock } from './clock.js';
export { type LogFields, type Logger, silentLogger } from './logger.js';
export { type MetricLabels, type Metrics, silentMetrics } from './metrics.js';
export { NaruError, type NaruErrorOptions } from './naru-error.js';

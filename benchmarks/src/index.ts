export type { Benchmark, BenchmarkContext, BenchmarkOutcome, BenchmarkResult } from './harness/benchmark.js';
export { measureInChild, runForJson } from './harness/child-measurement.js';
export { packageVersion } from './harness/package-version.js';
export { repositoryRoot } from './harness/repository-root.js';
export { alternate, type Contestant, median, percentile, spreadOf } from './harness/rounds.js';

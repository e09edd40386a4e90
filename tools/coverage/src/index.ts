export { type CoverageSummary, type PackageCoverage, packageCoverage } from './package-coverage.js';
export { withCoverage } from './readme-line.js';

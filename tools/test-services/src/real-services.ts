import { describeUnlessMissing } from './describe-unless-missing.js';

/** A real server that a test may need. */
export type RealService = 'kafka' | 'redis' | 'registry';

const environmentNames: Record<RealService, string> = {
  kafka: 'KAFKA_BROKERS',
  redis: 'REDIS_URL',
  registry: 'SCHEMA_REGISTRY_URL',
};

/** Addresses of the real servers, undefined where none is configured. `pnpm infra up` prints them, `pnpm test:real` sets them. */
export const realServices: Readonly<Record<RealService, string | undefined>> = {
  kafka: process.env[environmentNames.kafka],
  redis: process.env[environmentNames.redis],
  registry: process.env[environmentNames.registry],
};

/**
 * A suite that needs real servers. Without them it is skipped under a name that says what is missing;
 * with `NARU_REQUIRE_REAL=1` that is a failure instead.
 */
export function describeReal(title: string, needs: readonly RealService[], body: () => void): void {
  const names = needs.filter((service) => !realServices[service]).map((service) => environmentNames[service]);
  const howToGet = 'run the tests with "pnpm test:real" after "pnpm infra up"';
  describeUnlessMissing(title, names.length === 0 ? undefined : { what: names.join(', '), howToGet }, body);
}

import type { Course } from './course.js';
import { brokerKilled } from './courses/broker-killed.js';
import { diskFull } from './courses/disk-full.js';
import { exchangeIll } from './courses/exchange-ill.js';
import { gatewayFrozen } from './courses/gateway-frozen.js';
import { gatewayJoins } from './courses/gateway-joins.js';
import { gatewayKilled } from './courses/gateway-killed.js';
import { gatewayStopped } from './courses/gateway-stopped.js';
import { kafkaAway } from './courses/kafka-away.js';
import { redisAway } from './courses/redis-away.js';
import { registryAway } from './courses/registry-away.js';
import { spoolFull } from './courses/spool-full.js';

/** A course and how often its fault happens unless told otherwise. */
export interface ListedCourse {
  readonly course: Course;
  readonly rounds: number;
}

export const courses: readonly ListedCourse[] = [
  { course: brokerKilled, rounds: 20 },
  { course: kafkaAway, rounds: 1 },
  { course: spoolFull, rounds: 1 },
  { course: diskFull, rounds: 2 },
  { course: redisAway, rounds: 1 },
  { course: registryAway, rounds: 1 },
  { course: gatewayKilled, rounds: 20 },
  { course: gatewayStopped, rounds: 20 },
  { course: gatewayFrozen, rounds: 2 },
  { course: gatewayJoins, rounds: 5 },
  { course: exchangeIll, rounds: 2 },
];

export { type BrokerForTests, brokerForTests } from './broker-for-tests.js';
export { describePython } from './describe-python.js';
export { describeUnlessMissing } from './describe-unless-missing.js';
export { runReadmeExample } from './readme-example.js';
export { describeReal, type RealService, realServices } from './real-services.js';
export {
  describeRedisServer,
  type RedisServer,
  redisDatabase,
  startRedisCluster,
  startRedisServer,
} from './redis-servers.js';

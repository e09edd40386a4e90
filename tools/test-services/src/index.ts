export { type BrokerForTests, brokerForTests } from './broker-for-tests.js';
export { describePython } from './describe-python.js';
export { describeUnlessMissing } from './describe-unless-missing.js';
export { type CertificateAuthority, createCertificateAuthority } from './kafka-servers/certificate-authority.js';
export { type SecuredKafka, type SecuredListener, startSecuredKafka } from './kafka-servers/secured-kafka.js';
export {
  describeKafkaServer,
  type KafkaServer,
  type KafkaServers,
  type KafkaServersOptions,
  startKafkaServers,
} from './kafka-servers/start-kafka-servers.js';
export { type KeptUnderTest, keptInMemory, keptInRedis, type SteppedClock } from './kept-under-test.js';
export { expectPlayed, playInTurn } from './play-in-turn.js';
export { runReadmeExample } from './readme-example.js';
export { describeReal, type RealService, realServices } from './real-services.js';
export {
  describeRedisServer,
  type RedisCluster,
  type RedisServer,
  redisDatabase,
  startRedisCluster,
  startRedisServer,
} from './redis-servers.js';
export { type RedisWithStandby, redisWithStandby } from './redis-with-standby.js';
export { settlesWithin } from './settles-within.js';
export { startTcpProxy, type TcpProxy, type TcpProxyOptions } from './tcp-proxy/start-tcp-proxy.js';
export type { Toxics } from './tcp-proxy/toxics.js';

export { type BrokerForTests, brokerForTests } from './broker-for-tests.js';
export { describeReal, type RealService, realServices } from './real-services.js';

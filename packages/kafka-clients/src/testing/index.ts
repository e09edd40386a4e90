export { type BareProducer, createBareProducer } from '../kafkajs/bare-producer.js';
export {
  createMemoryTransport,
  type MemoryTransport,
  type MemoryTransportOptions,
} from './memory/create-memory-transport.js';
export { type TransportContractCase, transportContract } from './transport-contract.js';

export { type Addresses, findInfrastructure, type Infrastructure } from './infrastructure.js';

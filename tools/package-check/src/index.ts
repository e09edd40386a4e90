export { type CheckOptions, checkPackages } from './check-packages.js';

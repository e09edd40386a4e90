export { type PublishedPackage, publishedPackages } from './published-packages.js';
export { type Reference, type ReferenceOptions, writeReference } from './write-reference.js';

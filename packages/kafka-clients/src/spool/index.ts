export { openSpool } from './open-spool.js';
export type { Spool, SpooledMessage, SpoolMessage, SpoolOptions, SpoolStatus } from './spool.js';
export { nodeFiles, type SpoolFile, type SpoolFiles } from './spool-files.js';

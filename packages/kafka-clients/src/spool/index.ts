export { openSpool } from './open-spool.js';
export type { Spool, SpooledMessage, SpoolMessage, SpoolOptions, SpoolStatus } from './spool.js';
export type { SpoolFile, SpoolFiles } from './spool-files.js';

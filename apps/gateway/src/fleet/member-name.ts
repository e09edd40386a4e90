import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** A name that no other process has or ever had: a lease's owner, and where other members ask. */
export function createMemberName(): string {
  const host = hostname().replace(/[^A-Za-z0-9.-]/g, '-');
  return `${host.slice(0, 64)}:${process.pid}:${randomBytes(4).toString('hex')}`;
}

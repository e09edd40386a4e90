import { RedisCacheError } from '@naru/redis-cache';
import { GatewayError } from '../gateway-error.js';

/**
 * Whether a failure says nothing about the command but only about the moment: Redis is away or refuses, a lease was lost
 * on the way, an owner did not answer. What the command itself is wrong about does not pass.
 */
export function isPassing(error: unknown): boolean {
  if (error instanceof RedisCacheError) return error.code !== 'invalid_argument' && error.code !== 'damaged_value';
  return error instanceof GatewayError && error.retryable;
}

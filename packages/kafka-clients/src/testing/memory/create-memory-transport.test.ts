import { describe, test } from 'vitest';
import { transportContract } from '../transport-contract.js';
import { createMemoryTransport } from './create-memory-transport.js';

describe('the in-memory transport', () => {
  for (const { title, run } of transportContract) test(title, () => run(createMemoryTransport()));
});

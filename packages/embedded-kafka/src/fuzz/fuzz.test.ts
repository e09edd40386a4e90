import { describe, it } from 'vitest';
import { handleMutatedRequests, sendMutatedRequests } from './mutated-requests.js';

describe('the broker', () => {
  it('handles 10,000 mutated requests without a crash', () => handleMutatedRequests(10_000));

  it('stands 2,000 mutated requests over the wire', () => sendMutatedRequests(2000));
});

import { describe, it } from 'vitest';
import { handleMutatedRequests, sendMutatedRequests } from './mutated-requests.js';

describe('the broker', () => {
  it('handles 200,000 mutated requests without a crash or a leak', () => handleMutatedRequests(200_000));

  it('stands 20,000 mutated requests over the wire', () => sendMutatedRequests(20_000));
});

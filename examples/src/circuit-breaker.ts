// Two processes call the same exchange. One sees it fail; the other stops calling too, before it has failed once itself.
// Here both live in one process and share a store in memory; a fleet shares one in Redis.
import { CircuitRejection, createCircuitBreaker, MemoryBreakerStore } from '@naru/circuit-breaker';
import { ConstantBackoff, handleAll, retry, wrap } from 'cockatiel';

const store = new MemoryBreakerStore();
const options = { name: 'okx/asia/trade', store, openMs: 50, maxProbes: 1, successThreshold: 1, rampMs: 0 };
await using first = createCircuitBreaker({ ...options, instance: 'first' });
await using second = createCircuitBreaker({ ...options, instance: 'second' });
let up = true;
let calls = 0;
const dial = async (): Promise<string> => {
  calls += 1;
  if (!up) throw new Error('connection refused');
  return 'connected';
};

console.log('both are at work:', await first.execute(dial), 'and', await second.execute(dial));

up = false;
const opened = new Promise<void>((resolve) => void second.onBreak(() => resolve()));
// A breaker is a cockatiel policy: retries wrap around it.
const persistent = wrap(retry(handleAll, { maxAttempts: 4, backoff: new ConstantBackoff(1) }), first);
await persistent.execute(dial).catch((error: Error) => console.log(`${calls - 2} calls failed: ${error.message}`));
await opened;

try {
  await second.execute(dial);
} catch (error) {
  if (error instanceof CircuitRejection) console.log(`the other one: ${error.code}, and made no call`);
}

up = true;
let answer: string | undefined;
while (answer === undefined) {
  answer = await second.execute(dial).catch(async (error) => {
    if (!(error instanceof CircuitRejection)) throw error;
    await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs));
    return undefined;
  });
}
console.log(`a probe of the other one: ${answer}, the circuit is ${second.state}`);

// A replica dies and another one takes its stream over from the cached specification. When the dead one was only paused,
// its next write is refused: its token is older. Memory and a clock that is moved by hand stand for Redis and its time.
import { createManualClock } from '@naru/core/testing';
import { createLeaseStore, createMemoryConnectionCache, RedisCacheError } from '@naru/redis-cache';

const clock = createManualClock(1_790_000_000_000);
const leases = createLeaseStore({ clock });
const cache = createMemoryConnectionCache({ clock });
const scope = { exchange: 'upbit', region: 'korea', request_type: 'trade' };

const mine = await leases.acquire(scope, 'replica-1', 10_000);
if (!mine.acquired) throw new Error('somebody else owns it');
await cache.setConnectionSpec(
  scope,
  { url: 'wss://api.upbit.com/websocket/v1', symbols: ['KRW-BTC', 'KRW-ETH'], status: 'connected' },
  { token: mine.token },
);
console.log('replica-1 owns it; replica-2 gets it:', (await leases.acquire(scope, 'replica-2', 10_000)).acquired);

await clock.advance(10_001);
const [taken] = await leases.takeOver('replica-2', 10_000, 10);
const spec = await cache.getConnectionSpec(scope);
console.log(`replica-2 took over, token is larger: ${taken!.token > mine.token}, symbols: ${spec?.symbols.join(', ')}`);
await cache.updateState(scope, { status: 'connected' }, { token: taken!.token });

try {
  await cache.updateState(scope, { status: 'disconnected' }, { token: mine.token });
} catch (error) {
  if (error instanceof RedisCacheError) console.log('replica-1 wakes and writes:', error.code);
}
console.log('the state is', (await cache.getConnectionSpec(scope))?.status);

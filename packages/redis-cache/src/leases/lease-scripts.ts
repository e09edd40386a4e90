import { type RedisScript, redisScript } from '../redis-script.js';

// KEYS  1 sorted set scope -> deadline (µs)   2 hash scope -> owner   3 hash scope -> last token
// A scope without a deadline is free; its last token stays, so that the next one is larger.
const prelude = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local function text(number) return string.format('%.0f', number) end
local function left(deadline) return math.max(0, math.ceil((deadline - now) / 1000)) end
local function keep()
  -- Two days without any change forget the last tokens; the next ones start from the time of day and are larger still.
  for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], 2 * 86400000) end
end
local function grant(scope, owner, ttl)
  local token = math.max(tonumber(redis.call('HGET', KEYS[3], scope) or '0') + 1, now)
  redis.call('ZADD', KEYS[1], text(now + ttl * 1000), scope)
  redis.call('HSET', KEYS[2], scope, owner)
  redis.call('HSET', KEYS[3], scope, text(token))
  keep()
  return token
end
`;

/** ARGV 1 scope, 2 owner, 3 ttl ms. Answers {1, token, left, owner} or {0, token, left, owner}. */
export const acquireScript: RedisScript = redisScript(`${prelude}
local scope, owner, ttl = ARGV[1], ARGV[2], tonumber(ARGV[3])
local deadline = tonumber(redis.call('ZSCORE', KEYS[1], scope) or '0')
if deadline > now then
  local holder, token = redis.call('HGET', KEYS[2], scope), redis.call('HGET', KEYS[3], scope)
  if holder ~= owner then return {0, token, left(deadline), holder} end
  deadline = math.max(deadline, now + ttl * 1000)
  redis.call('ZADD', KEYS[1], text(deadline), scope)
  keep()
  return {1, token, left(deadline), owner}
end
return {1, text(grant(scope, owner, ttl)), ttl, owner}
`);

const holds = `
local function holds(scope, token)
  local deadline = tonumber(redis.call('ZSCORE', KEYS[1], scope) or '0')
  return deadline > now and redis.call('HGET', KEYS[3], scope) == token
end
`;

/** ARGV 1 scope, 2 token, 3 ttl ms. Answers 1 or 0. */
export const renewScript: RedisScript = redisScript(`${prelude}${holds}
if not holds(ARGV[1], ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], text(now + tonumber(ARGV[3]) * 1000), ARGV[1])
keep()
return 1
`);

/** ARGV 1 scope, 2 token. Answers 1 or 0. */
export const releaseScript: RedisScript = redisScript(`${prelude}${holds}
if not holds(ARGV[1], ARGV[2]) then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
keep()
return 1
`);

/** ARGV 1 scope, 2 token. Answers 1 or 0. */
export const handOverScript: RedisScript = redisScript(`${prelude}${holds}
if not holds(ARGV[1], ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], text(now), ARGV[1])
keep()
return 1
`);

/** ARGV 1 owner, 2 ttl ms, 3 limit. Answers {{scope, token}, …}. */
export const takeOverScript: RedisScript = redisScript(`${prelude}
local taken = {}
for _, scope in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', text(now), 'LIMIT', 0, ARGV[3])) do
  taken[#taken + 1] = {scope, text(grant(scope, ARGV[1], tonumber(ARGV[2])))}
end
return taken
`);

/** ARGV 1 `expired` or `all`, 2 limit. Answers {{scope, owner, token, left}, …}. */
export const listScript: RedisScript = redisScript(`${prelude}
local highest = ARGV[1] == 'expired' and text(now) or '+inf'
local leases = {}
for _, scope in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', highest, 'LIMIT', 0, ARGV[2])) do
  local deadline = tonumber(redis.call('ZSCORE', KEYS[1], scope))
  leases[#leases + 1] = {scope, redis.call('HGET', KEYS[2], scope), redis.call('HGET', KEYS[3], scope), left(deadline)}
end
return leases
`);

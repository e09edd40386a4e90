import { type RedisScript, redisScript } from '../redis-script.js';

// KEYS  1 meta hash   2 symbols set   3 fence (highest token seen)
// ARGV  1 token or ''   2 ttl in ms   then the script's own
//
// Answers: {'written'} | {'missing'} | {'stale', fence} | {'damaged'}
const guard = `
local token, ttl = ARGV[1], tonumber(ARGV[2])
local function kind(key) return redis.call('TYPE', key).ok end
local fenceKind = kind(KEYS[3])
if fenceKind ~= 'none' then
  local fence = fenceKind == 'string' and tonumber(redis.call('GET', KEYS[3])) or nil
  if not fence then return {'damaged'} end
  if token == '' or tonumber(token) < fence then return {'stale', string.format('%.0f', fence)} end
end
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local function finish()
  if token ~= '' then redis.call('SET', KEYS[3], token, 'PX', ttl) end
  redis.call('PEXPIRE', KEYS[1], ttl)
  redis.call('PEXPIRE', KEYS[2], ttl)
  return {'written'}
end
`;

// A set has no empty form, and unpack() has a limit on what fits on the Lua stack.
const symbolHelpers = `
local function eachChunk(from, command)
  for first = from, #ARGV, 1000 do
    redis.call(command, KEYS[2], unpack(ARGV, first, math.min(first + 999, #ARGV)))
  end
end
`;

const requireEntry = `
if kind(KEYS[1]) == 'none' then return {'missing'} end
if kind(KEYS[1]) ~= 'hash' then return {'damaged'} end
local setKind = kind(KEYS[2])
if setKind ~= 'none' and setKind ~= 'set' then return {'damaged'} end
`;

/** ARGV 3 new connection id, 4 number of field texts, then fields and values in turn, then symbols. */
export const writeScript: RedisScript = redisScript(`${guard}${symbolHelpers}
local id, started
if kind(KEYS[1]) == 'hash' then
  id = redis.call('HGET', KEYS[1], 'connection_id')
  started = redis.call('HGET', KEYS[1], 'created_at')
end
redis.call('DEL', KEYS[1], KEYS[2])
local fieldEnd = 4 + tonumber(ARGV[4])
redis.call('HSET', KEYS[1], unpack(ARGV, 5, fieldEnd))
local given = redis.call('HGET', KEYS[1], 'connection_id')
if not given then redis.call('HSET', KEYS[1], 'connection_id', id or ARGV[3]) end
if redis.call('HEXISTS', KEYS[1], 'created_at') == 0 then
  local same = started and (not given or given == id)
  redis.call('HSET', KEYS[1], 'created_at', same and started or now)
end
redis.call('HSET', KEYS[1], 'last_active', now)
if token ~= '' then redis.call('HSET', KEYS[1], 'owner_token', token) end
eachChunk(fieldEnd + 1, 'SADD')
redis.call('HSET', KEYS[1], 'symbol_count', redis.call('SCARD', KEYS[2]))
return finish()
`);

/** ARGV 3… fields and values in turn. */
export const updateScript: RedisScript = redisScript(`${guard}${requireEntry}
if #ARGV > 2 then redis.call('HSET', KEYS[1], unpack(ARGV, 3, #ARGV)) end
redis.call('HSET', KEYS[1], 'last_active', now)
if token ~= '' then redis.call('HSET', KEYS[1], 'owner_token', token) end
return finish()
`);

/** ARGV 3 replace, merge or remove, 4… symbols. */
export const changeSymbolsScript: RedisScript = redisScript(`${guard}${symbolHelpers}${requireEntry}
if ARGV[3] == 'replace' then redis.call('DEL', KEYS[2]) end
eachChunk(4, ARGV[3] == 'remove' and 'SREM' or 'SADD')
redis.call('HSET', KEYS[1], 'last_active', now, 'symbol_count', redis.call('SCARD', KEYS[2]))
if token ~= '' then redis.call('HSET', KEYS[1], 'owner_token', token) end
return finish()
`);

export const removeScript: RedisScript = redisScript(`${guard}
local existed = redis.call('DEL', KEYS[1], KEYS[2])
if token ~= '' then redis.call('SET', KEYS[3], token, 'PX', ttl) end
return {existed > 0 and 'written' or 'missing'}
`);

/** KEYS 1 meta hash, 2 symbols set. Answers {'found', ttl, {field, value, …}, {symbol, …}} | {'missing'} | {'damaged'}. */
export const readScript: RedisScript = redisScript(`
local metaKind, setKind = redis.call('TYPE', KEYS[1]).ok, redis.call('TYPE', KEYS[2]).ok
if metaKind == 'none' and setKind == 'none' then return {'missing'} end
if metaKind ~= 'hash' or (setKind ~= 'none' and setKind ~= 'set') then return {'damaged'} end
return {'found', redis.call('PTTL', KEYS[1]), redis.call('HGETALL', KEYS[1]), redis.call('SMEMBERS', KEYS[2])}
`);

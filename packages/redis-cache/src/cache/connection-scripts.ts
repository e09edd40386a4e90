import { type RedisScript, redisScript } from '../redis-script.js';
import { maxSymbols } from './connection-spec.js';

// KEYS  1 meta hash   2 symbols set   3 fence (highest token seen)
// ARGV  1 token or ''   2 ttl in ms   then the script's own
//
// Answers: {'written'} | {'missing'} | {'stale', fence} | {'damaged'} | {'full'}
//
// Calls are what a script costs, so a key of a wrong type is noticed by the error of the call that is needed anyway.
const guard = `
local token, ttl = ARGV[1], ARGV[2]
local fence = redis.pcall('GET', KEYS[3])
if fence then
  local highest = type(fence) == 'string' and tonumber(fence)
  if not highest then return {'damaged'} end
  if token == '' or tonumber(token) < highest then return {'stale', fence} end
end
local time = redis.call('TIME')
local now = time[1] .. string.sub(time[2] + 1000000, 2, 4)
local function finish()
  if token ~= '' then redis.call('SET', KEYS[3], token, 'PX', ttl) end
  redis.call('PEXPIRE', KEYS[1], ttl)
  redis.call('PEXPIRE', KEYS[2], ttl)
  return {'written'}
end
local function put(...)
  if token == '' then redis.call('HSET', KEYS[1], 'last_active', now, ...)
  else redis.call('HSET', KEYS[1], 'last_active', now, 'owner_token', token, ...) end
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
local fieldCount = redis.pcall('HLEN', KEYS[1])
if fieldCount == 0 then return {'missing'} end
if type(fieldCount) ~= 'number' then return {'damaged'} end
`;

/**
 * ARGV 3 connection id or '', 4 one for a connection without, 5 start or '', 6 number of texts of fields and values,
 * then those in turn, then symbols, each once.
 */
export const writeScript: RedisScript = redisScript(`${guard}${symbolHelpers}
local known = redis.pcall('HMGET', KEYS[1], 'connection_id', 'created_at')
if known.err then known = {} end
local given, started, fieldEnd = ARGV[3], ARGV[5], 6 + tonumber(ARGV[6])
if started == '' then
  local same = given == '' or given == known[1]
  started = same and known[2] or now
end
local id = given ~= '' and given or known[1] or ARGV[4]
redis.call('DEL', KEYS[1], KEYS[2])
put('connection_id', id, 'created_at', started, 'symbol_count', #ARGV - fieldEnd, unpack(ARGV, 7, fieldEnd))
eachChunk(fieldEnd + 1, 'SADD')
return finish()
`);

/** ARGV 3… fields and values in turn. */
export const updateScript: RedisScript = redisScript(`${guard}${requireEntry}
put(unpack(ARGV, 3))
return finish()
`);

/** ARGV 3 replace, merge or remove, 4… symbols, each once. */
export const changeSymbolsScript: RedisScript = redisScript(`${guard}${symbolHelpers}${requireEntry}
local count = redis.pcall('SCARD', KEYS[2])
if type(count) ~= 'number' then return {'damaged'} end
if ARGV[3] == 'merge' and count + #ARGV - 3 > ${maxSymbols} then
  -- Only now does it matter which of them are new.
  for at = 4, #ARGV do count = count + 1 - redis.call('SISMEMBER', KEYS[2], ARGV[at]) end
  if count > ${maxSymbols} then return {'full'} end
end
if ARGV[3] == 'replace' then redis.call('DEL', KEYS[2]) end
eachChunk(4, ARGV[3] == 'remove' and 'SREM' or 'SADD')
put('symbol_count', redis.call('SCARD', KEYS[2]))
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

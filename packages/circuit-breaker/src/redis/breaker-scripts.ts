import { createHash } from 'node:crypto';
import type { BreakerScript } from './breaker-redis.js';

// KEYS  1 {cb:NAME}:s hash: state, epoch, rev, attempt, until, since, ok, mode, reason, author (times in µs)
//       2 {cb:NAME}:p sorted set: probe token -> end of its lease
//       3 {cb:NAME}:v sorted set: instance -> time of its vote
//       4 {cb:NAME}:e channel of changes
// ARGV  1 idle time in ms, then the script's own
//
// Every script answers, and the channel carries as JSON, twelve texts:
// applied 0|1, state, epoch, rev, attempt, retry after ms, age ms or '', succeeded, probing, mode, reason, author
// The state is none of the known ones when what is stored is not a circuit.
const prelude = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local idle = tonumber(ARGV[1]) * 1000
local function text(number) return string.format('%.0f', number) end
local h = redis.pcall('HMGET', KEYS[1], 'state', 'epoch', 'rev', 'attempt', 'until', 'since', 'ok', 'mode', 'reason', 'author')
local foreign = h.err ~= nil
local function number(at)
  local value = tonumber(h[at] or '0')
  if not value then foreign = true end
  return value or 0
end
local c = {
  state = h[1] or 'closed', epoch = number(2), rev = number(3), attempt = number(4), deadline = number(5), since = number(6),
  ok = number(7), mode = h[8] or 'automatic', reason = h[9] or '', author = h[10] or '',
}
if foreign then c.state = 'unreadable' end
local function probing() return redis.call('ZCOUNT', KEYS[2], '(' .. text(now), '+inf') end
local function holds(token)
  local deadline = redis.call('ZSCORE', KEYS[2], token)
  return deadline and tonumber(deadline) > now
end
local function answer(applied)
  local free = now
  if c.state == 'open' then
    free = c.deadline
  elseif c.state == 'half-open' then
    free = tonumber(redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. text(now), '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2] or now)
  end
  return {
    applied and '1' or '0', c.state, text(c.epoch), text(c.rev), text(c.attempt),
    text(math.max(0, math.ceil((free - now) / 1000))), c.since > 0 and text(math.max(0, math.floor((now - c.since) / 1000))) or '',
    text(c.ok), text(probing()), c.mode, c.reason, c.author,
  }
end
local function turn(state)
  if state ~= c.state then c.since = now end
  c.state, c.epoch, c.ok = state, math.max(c.epoch + 1, now), 0
  redis.call('DEL', KEYS[2], KEYS[3])
end
local function open(openMs)
  c.attempt, c.deadline = c.attempt + 1, now + openMs * 1000
  turn('open')
end
local function save(rev)
  c.rev = rev or math.max(c.rev + 1, now)
  redis.call('HSET', KEYS[1], 'state', c.state, 'epoch', text(c.epoch), 'rev', text(c.rev), 'attempt', text(c.attempt),
    'until', text(c.deadline), 'since', text(c.since), 'ok', text(c.ok), 'mode', c.mode, 'reason', c.reason, 'author', c.author)
  local keep = text(math.ceil((math.max(c.deadline - now, 0) + idle) / 1000))
  for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], keep) end
  -- What an operator decided does not go away by itself.
  if c.mode ~= 'automatic' then redis.call('PERSIST', KEYS[1]) end
  local done = answer(true)
  redis.call('PUBLISH', KEYS[4], cjson.encode(done))
  return done
end
`;

function script(lua: string): BreakerScript {
  const source = prelude + lua;
  return { lua: source, sha1: createHash('sha1').update(source).digest('hex') };
}

export const readScript: BreakerScript = script(`return answer(false)`);

/** ARGV 2 token, 3 lease ms, 4 most probes. A denial writes nothing and prolongs nothing, so a leaked probe cannot wedge the circuit. */
export const acquireScript: BreakerScript = script(`
if c.mode ~= 'automatic' or c.state == 'closed' then return answer(false) end
if c.state == 'open' then
  if c.deadline > now then return answer(false) end
  turn('half-open')
elseif holds(ARGV[2]) then
  return answer(true)
elseif c.ok + probing() >= tonumber(ARGV[4]) then
  return answer(false)
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', text(now))
redis.call('ZADD', KEYS[2], text(now + tonumber(ARGV[3]) * 1000), ARGV[2])
return save()
`);

/** ARGV 2 token, 3 epoch, 4 outcome, 5 success threshold, 6 open ms. */
export const reportScript: BreakerScript = script(`
if c.state ~= 'half-open' or c.epoch ~= tonumber(ARGV[3]) or not holds(ARGV[2]) then return answer(false) end
redis.call('ZREM', KEYS[2], ARGV[2])
if ARGV[4] == 'success' then
  c.ok = c.ok + 1
  if c.ok >= tonumber(ARGV[5]) then
    c.attempt = 0
    turn('closed')
  end
elseif ARGV[4] == 'failure' then
  open(tonumber(ARGV[6]))
end
return save()
`);

/** ARGV 2 instance, 3 epoch, 4 quorum, 5 vote ms, 6 open ms. */
export const tripScript: BreakerScript = script(`
if c.rev > 0 and (c.state ~= 'closed' or c.mode ~= 'automatic' or c.epoch ~= tonumber(ARGV[3])) then return answer(false) end
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', text(now - tonumber(ARGV[5]) * 1000))
redis.call('ZADD', KEYS[3], text(now), ARGV[2])
local opens = redis.call('ZCARD', KEYS[3]) >= tonumber(ARGV[4])
if opens then open(tonumber(ARGV[6])) end
local done = save()
done[1] = opens and '1' or '0'
return done
`);

/** ARGV 2 mode, 3 reason, 4 author. Calls admitted under the old rule must not decide under the new one. */
export const setModeScript: BreakerScript = script(`
c.mode, c.reason, c.author = ARGV[2], ARGV[3], ARGV[4]
turn(c.state)
return save()
`);

/** Also heals what is not a circuit, whatever it is. */
export const resetScript: BreakerScript = script(`
c.mode, c.reason, c.author, c.attempt, c.deadline = 'automatic', '', '', 0, 0
turn('closed')
c.since = 0
redis.call('DEL', KEYS[1])
return save()
`);

/** ARGV 2 state, 3 attempt, 4 retry after ms, 5 age ms or '', 6 mode, 7 reason, 8 author, 9 rev. */
export const restoreScript: BreakerScript = script(`
local rev = tonumber(ARGV[9])
if rev <= c.rev then return answer(false) end
turn(ARGV[2])
c.attempt, c.deadline = tonumber(ARGV[3]), now + tonumber(ARGV[4]) * 1000
c.since = ARGV[5] == '' and 0 or now - tonumber(ARGV[5]) * 1000
c.mode, c.reason, c.author = ARGV[6], ARGV[7], ARGV[8]
return save(rev)
`);

import { redisScript, type RedisScript } from "./redis-server.js";

/*
 * KEYS of a script about one lane: its hash, its log, then due, expiry and tokens, and its group's part of due if it is
 * in a group.
 * Fields of the hash: v version, h head, f first index, n next index, w wakes at, x expires at, t its tokens as JSON;
 * `-` stands for no time.
 */

const READ_LANE = `
local was = redis.call('HMGET', KEYS[1], 'v', 'x', 'f', 'n', 't')
local isLive = was[1] and (was[2] == '-' or tonumber(was[2]) > tonumber(now))
`;

/** Takes from `tokens` those of a lane that still lead to it. */
const FORGET_TOKENS = `
local function forget(tokens, list, lane)
  if not list or list == '[]' then return end
  for _, token in ipairs(cjson.decode(list)) do
    if redis.call('HGET', tokens, token) == lane then redis.call('HDEL', tokens, token) end
  end
end
`;

/** now, from: below 0 it counts from the end */
export const LOAD_LANE: RedisScript = redisScript(`
local now, from = ARGV[1], tonumber(ARGV[2])
local was = redis.call('HMGET', KEYS[1], 'v', 'h', 'f', 'w', 'x', 'n')
if from < 0 and was[6] then from = tonumber(was[6]) + from end
if not was[1] or (was[5] ~= '-' and tonumber(was[5]) <= tonumber(now)) then return false end
local skipped = math.max(from - tonumber(was[3]), 0)
local log = redis.call('LRANGE', KEYS[2], string.format('%.0f', skipped), -1)
return { was[1], was[2], was[3], was[4], log, was[6] }
`);

/** lane, expected, now, version, head, cut to, wakes at, expires at, tokens (`-`: head and tokens stay), entry … */
export const COMMIT_LANE: RedisScript = redisScript(`
local lane, expected, now, mine = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local cut, wake, expires, tokens = ARGV[6], ARGV[7], ARGV[8], ARGV[9]
${READ_LANE}
if was[1] == mine then return 1 end
if expected == '-' then
  if isLive then return 0 end
elseif not (isLive and '=' .. was[1] == expected) then
  return 0
end
${FORGET_TOKENS}
if tokens ~= '-' then forget(KEYS[5], was[5], lane) end
local first, next = 0, 0
if isLive then first, next = tonumber(was[3]), tonumber(was[4]) else redis.call('DEL', KEYS[2]) end
for at = 10, #ARGV do redis.call('RPUSH', KEYS[2], ARGV[at]) end
next = next + math.max(#ARGV - 9, 0)
if cut ~= '-' then
  local to = math.min(math.max(tonumber(cut), first), next)
  if to > first then redis.call('LTRIM', KEYS[2], string.format('%.0f', to - first), -1) end
  first = to
end
redis.call('HSET', KEYS[1], 'v', mine, 'f', string.format('%.0f', first),
  'n', string.format('%.0f', next), 'w', wake, 'x', expires)
if tokens ~= '-' then redis.call('HSET', KEYS[1], 'h', ARGV[5], 't', tokens) end
for _, due in ipairs({ KEYS[3], KEYS[6] }) do
  if wake == '-' then redis.call('ZREM', due, lane) else redis.call('ZADD', due, wake, lane) end
end
if expires == '-' then redis.call('ZREM', KEYS[4], lane) else redis.call('ZADD', KEYS[4], expires, lane) end
if tokens ~= '-' and tokens ~= '[]' then
  for _, token in ipairs(cjson.decode(tokens)) do redis.call('HSET', KEYS[5], token, lane) end
end
return 1
`);

/** lane, expected (`*`: any), now */
export const DELETE_LANE: RedisScript = redisScript(`
local lane, expected, now = ARGV[1], ARGV[2], ARGV[3]
${READ_LANE}
if not isLive or (expected ~= '*' and '=' .. was[1] ~= expected) then return 0 end
${FORGET_TOKENS}
forget(KEYS[5], was[5], lane)
redis.call('ZREM', KEYS[3], lane)
redis.call('ZREM', KEYS[4], lane)
if KEYS[6] then redis.call('ZREM', KEYS[6], lane) end
redis.call('DEL', KEYS[1], KEYS[2])
return 1
`);

/** KEYS: expiry. now, lane … */
export const LIVE_LANES: RedisScript = redisScript(`
local now, live = tonumber(ARGV[1]), {}
for at = 2, #ARGV do
  local expires = redis.call('ZSCORE', KEYS[1], ARGV[at])
  live[#live + 1] = (not expires or tonumber(expires) > now) and 1 or 0
end
return live
`);

/** What stands before a key's second colon: see `groupOf`. */
const GROUP = `
local function group(lane) return string.match(lane, '^([^:]*:[^:]*):') end
`;

/** Finds the lanes of a sorted set that are due, live, and begin as asked; `is` has the last word on each. */
const FIND_DUE = `
local by, now, limit, prefix = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local function find(set, is)
  local found, at = {}, 0
  while #found < limit do
    local page = redis.call('ZRANGEBYSCORE', set, '-inf', by, 'LIMIT', at, 200)
    for _, lane in ipairs(page) do
      if #found < limit and string.sub(lane, 1, #prefix) == prefix and is(lane) then
        local expires = redis.call('ZSCORE', KEYS[2], lane)
        if not expires or tonumber(expires) > now then found[#found + 1] = lane end
      end
    end
    if #page < 200 then break end
    at = at + 200
  end
  return found
end
`;

/** KEYS: due, expiry. due by, now, limit, what lanes begin with */
export const DUE_LANES: RedisScript = redisScript(`
${FIND_DUE}
return find(KEYS[1], function() return true end)
`);

/**
 * The same for lanes of one group. A release before the groups writes only `due`: whatever it has changed is taken over,
 * a bounded part of what is due at each look, beginning where the last one ended.
 * KEYS: due, expiry, the group's part, how far the last look got. due by, now, limit, what lanes begin with, what names of
 * groups begin with
 */
export const DUE_LANES_OF_GROUP: RedisScript = redisScript(`
${GROUP}${FIND_DUE}
local from = tonumber(redis.call('GET', KEYS[4]) or '0')
local page = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', by, 'WITHSCORES', 'LIMIT', from, 500)
for at = 1, #page, 2 do
  local of = group(page[at])
  if of and redis.call('ZSCORE', ARGV[5] .. of, page[at]) ~= page[at + 1] then
    redis.call('ZADD', ARGV[5] .. of, page[at + 1], page[at])
  end
end
local reached = #page < 1000 and 0 or from + 500
if reached ~= from then redis.call('SET', KEYS[4], string.format('%.0f', reached)) end
local changed = {}
local found = find(KEYS[3], function(lane)
  local wakes = redis.call('ZSCORE', KEYS[1], lane)
  if wakes and tonumber(wakes) <= tonumber(by) then return true end
  changed[#changed + 1] = { lane, wakes }
  return false
end)
for _, one in ipairs(changed) do
  if one[2] then redis.call('ZADD', KEYS[3], one[2], one[1]) else redis.call('ZREM', KEYS[3], one[1]) end
end
return found
`);

/** Sorts what is due by group as well. A step of the schema. */
export const GROUP_DUE_LANES: string = `
${GROUP}
local due = redis.call('ZRANGE', PREFIX .. 'due', 0, -1, 'WITHSCORES')
for at = 1, #due, 2 do
  local of = group(due[at])
  if of then redis.call('ZADD', PREFIX .. 'due-of/' .. of, due[at + 1], due[at]) end
end
`;

/** KEYS: expiry, tokens. now, token */
export const FIND_LANE: RedisScript = redisScript(`
local lane = redis.call('HGET', KEYS[2], ARGV[2])
if not lane then return false end
local expires = redis.call('ZSCORE', KEYS[1], lane)
if expires and tonumber(expires) <= tonumber(ARGV[1]) then return false end
return lane
`);

/**
 * KEYS: due, expiry, tokens. now, what names of hashes begin with, what names of logs begin with, what names of groups
 * begin with. Gives the next time.
 */
export const SWEEP_LANES: RedisScript = redisScript(`
${GROUP}${FORGET_TOKENS}
for _, lane in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, 500)) do
  forget(KEYS[3], redis.call('HGET', ARGV[2] .. lane, 't'), lane)
  redis.call('DEL', ARGV[2] .. lane, ARGV[3] .. lane)
  redis.call('ZREM', KEYS[1], lane)
  redis.call('ZREM', KEYS[2], lane)
  local of = group(lane)
  if of then redis.call('ZREM', ARGV[4] .. of, lane) end
end
return redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2]
`);

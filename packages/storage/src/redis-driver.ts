/** Values in Redis. */
export { redis, type RedisStorageOptions } from "./redis.js";
/** Logs in Redis. */
export { redisLanes, type RedisLanesOptions } from "./redis-lanes.js";
/** The clients that fit. */
export type { IoredisLike, NodeRedisLike, RedisClient } from "./redis-client.js";
export type { RedisOptions } from "./redis-server.js";

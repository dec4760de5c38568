import type { Migration } from "./migrations.js";
import type { PostgresStep } from "./postgres-database.js";

/** What stands before a key's second colon: see `groupOf`. Keys without one are in groups that nobody asks for. */
const GROUP = "split_part(key, ':', 1) || ':' || split_part(key, ':', 2)";

/**
 * Entries belong to the `id` of a lane, which it gets when it is created: one that is created anew under the same key
 * never meets the log of the last. `seq` counts commits, so that of two lanes with one token the later is known.
 */
export const LANE_STEPS: readonly Migration<PostgresStep>[] = [
  {
    version: 1,
    run: (table) => `
      CREATE SEQUENCE ${table("lanes_seq")};
      CREATE TABLE ${table("lanes")} (
        key text COLLATE "C" PRIMARY KEY,
        id bigint NOT NULL,
        seq bigint NOT NULL,
        version text NOT NULL,
        head text NOT NULL,
        first_index bigint NOT NULL,
        next_index bigint NOT NULL,
        wake_at double precision,
        expires_at double precision,
        tokens text[]
      );
      CREATE INDEX ON ${table("lanes")} (wake_at, seq) WHERE wake_at IS NOT NULL;
      CREATE INDEX ON ${table("lanes")} (expires_at) WHERE expires_at IS NOT NULL;
      CREATE INDEX ON ${table("lanes")} USING gin (tokens) WHERE tokens IS NOT NULL;
      CREATE TABLE ${table("log")} (
        lane bigint NOT NULL, at bigint NOT NULL, entry text NOT NULL, PRIMARY KEY (lane, at)
      );
    `,
  },
  {
    // An index on what the key says: a release that knows nothing of it keeps it as well.
    version: 2,
    run: (table) => `
      CREATE INDEX ON ${table("lanes")} ((${GROUP}), wake_at, seq) WHERE wake_at IS NOT NULL;
    `,
  },
];

/** The statements of a lane store; each is a transaction of its own. */
export interface LaneSql {
  /** $1 key, $2 now, $3 from: below 0 it counts from the end */
  readonly load: string;
  /** $1 key, $2 now, $3 version, $4 head, $5 wakes at, $6 expires at, $7 tokens, $8 entries, $9 cut to */
  readonly create: string;
  /** As `create`, and $10 the expected version. Without a head, head and tokens stay. */
  readonly replace: string;
  /** $1 key, $2 version */
  readonly isThere: string;
  /** $1 key, $2 now, $3 expected version or null */
  readonly delete: string;
  /** $1 due by, $2 now, $3 limit, $4 what keys begin with */
  readonly due: string;
  /** As `due`, and $5 the group they are in. */
  readonly dueOf: string;
  /** $1 an array of the token, $2 now */
  readonly find: string;
  /** $1 now, $2 at most so many */
  readonly sweep: string;
  readonly next: string;
}

/** Makes the statements for the tables of these names. */
export function laneSql(table: (name: string) => string): LaneSql {
  const lanes = table("lanes");
  const log = table("log");
  const live = "(expires_at IS NULL OR expires_at > $2)";
  const seq = `nextval('${table("lanes_seq")}')`;
  const count = "cardinality($8::text[])";
  const due = (where: string): string => `
      SELECT key FROM ${lanes}
      WHERE ${where} AND wake_at <= $1 AND ${live} AND left(key, length($4::text)) = $4::text
      ORDER BY wake_at, seq LIMIT $3::bigint`;
  /** Every part of a statement sees the tables as they were before it: what is cut is never first appended. */
  const append = `
    INSERT INTO ${log} (lane, at, entry)
    SELECT lane.id, lane.next_index - ${count} + given.nth - 1, given.entry
    FROM lane, unnest($8::text[]) WITH ORDINALITY AS given (entry, nth)
    WHERE lane.next_index - ${count} + given.nth - 1 >= lane.first_index`;

  return {
    load: `
      SELECT version, head, first_index::text AS first, next_index::text AS next, wake_at::text AS wake,
        (SELECT json_agg(entry ORDER BY at)::text FROM ${log}
         WHERE lane = lanes.id
         AND at >= greatest(first_index, $3::bigint + CASE WHEN $3::bigint < 0 THEN next_index ELSE 0 END)) AS log
      FROM ${lanes} AS lanes WHERE key = $1 AND ${live}`,
    // A row that has expired is taken over, with a new id; its log goes.
    create: `
      WITH was AS (SELECT id FROM ${lanes} WHERE key = $1),
      lane AS (
        INSERT INTO ${lanes} AS kept
          (key, id, seq, version, head, first_index, next_index, wake_at, expires_at, tokens)
        VALUES ($1, ${seq}, ${seq}, $3, $4, least($9::bigint, ${count}), ${count}, $5, $6, $7)
        ON CONFLICT (key) DO UPDATE
        SET id = excluded.id, seq = excluded.seq, version = excluded.version, head = excluded.head,
          first_index = excluded.first_index, next_index = excluded.next_index, wake_at = excluded.wake_at,
          expires_at = excluded.expires_at, tokens = excluded.tokens
        WHERE kept.expires_at <= $2
        RETURNING id, first_index, next_index),
      appended AS (${append}),
      gone AS (DELETE FROM ${log} USING was, lane WHERE ${log}.lane = was.id)
      SELECT 1 FROM lane`,
    replace: `
      WITH lane AS (
        UPDATE ${lanes}
        SET seq = ${seq}, version = $3, head = coalesce($4::text, head), wake_at = $5, expires_at = $6,
          tokens = CASE WHEN $4::text IS NULL THEN tokens ELSE $7::text[] END,
          first_index = least(greatest(first_index, $9::bigint), next_index + ${count}),
          next_index = next_index + ${count}
        WHERE key = $1 AND ${live} AND version = $10
        RETURNING id, first_index, next_index),
      appended AS (${append}),
      cut AS (DELETE FROM ${log} USING lane WHERE $9::bigint > 0 AND ${log}.lane = lane.id AND at < lane.first_index)
      SELECT 1 FROM lane`,
    isThere: `SELECT 1 FROM ${lanes} WHERE key = $1 AND version = $2`,
    delete: `
      WITH lane AS (
        DELETE FROM ${lanes} WHERE key = $1 AND ${live} AND ($3::text IS NULL OR version = $3) RETURNING id),
      gone AS (DELETE FROM ${log} USING lane WHERE ${log}.lane = lane.id)
      SELECT 1 FROM lane`,
    due: due("TRUE"),
    dueOf: due(`${GROUP} = $5`),
    find: `
      SELECT key FROM ${lanes} WHERE tokens @> $1::text[] AND ${live} ORDER BY seq DESC LIMIT 1`,
    sweep: `
      WITH lane AS (
        DELETE FROM ${lanes} WHERE key IN
        (SELECT key FROM ${lanes} WHERE expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING id),
      gone AS (DELETE FROM ${log} USING lane WHERE ${log}.lane = lane.id)
      SELECT 1 FROM lane`,
    next: `SELECT min(expires_at)::text AS next FROM ${lanes} WHERE expires_at IS NOT NULL`,
  };
}

/**
 * Limits how many dead letters (starts that failed for good) are looked up one by one for a later start, each time the
 * backlog is counted: 10 ms of SQLite's one thread, 20 ms of Postgres.
 */
export const MAX_LOOKED_UP = 10_000;

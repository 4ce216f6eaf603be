/**
 * Of the starts that failed for good, how many are looked up one by one for whether they were asked for again, each time
 * the backlog is counted: 10 ms of SQLite's one thread, 20 ms of Postgres.
 */
export const MAX_LOOKED_UP = 10_000;

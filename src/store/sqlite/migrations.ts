/**
 * The schema's history, oldest first. `PRAGMA user_version` counts how many of these a file has been through, so an
 * entry that has been released never changes; a change of the schema is a new entry at the end.
 *
 * Ids and keys are looked up through indexes; rows themselves are kept by a running number, so that new ones are
 * always appended and a delivery's body lies apart from what lists show.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    event_name TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    headers TEXT NOT NULL,
    event TEXT,
    ignored TEXT,
    verdicts TEXT NOT NULL,
    body_bytes INTEGER NOT NULL,
    -- The key first: a person looks for a key without saying the source.
    UNIQUE (key, source)
  ) STRICT;
  CREATE INDEX deliveries_by_body ON deliveries (source, body_hash, received_at);
  CREATE INDEX deliveries_by_time ON deliveries (received_at);
  CREATE INDEX deliveries_by_source ON deliveries (source, received_at);

  CREATE TABLE bodies (
    delivery INTEGER PRIMARY KEY REFERENCES deliveries (seq),
    body BLOB NOT NULL
  ) STRICT;

  CREATE TABLE dispatches (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('start', 'signal')),
    -- Absent for a signal.
    delivery INTEGER REFERENCES deliveries (seq),
    workflow_id TEXT NOT NULL,
    -- The automation, or the signal's name.
    name TEXT NOT NULL,
    payload TEXT,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    -- While somebody holds it: when the lease ends.
    due_at INTEGER NOT NULL,
    -- When its delivery was received, or the signal was kept.
    since INTEGER NOT NULL,
    run_id TEXT,
    error TEXT
  ) STRICT;
  CREATE INDEX dispatches_by_delivery ON dispatches (delivery) WHERE delivery IS NOT NULL;
  CREATE INDEX dispatches_due ON dispatches (due_at) WHERE state = 'pending';
  CREATE INDEX dispatches_waiting ON dispatches (since) WHERE state = 'pending';
  CREATE INDEX dispatches_failed ON dispatches (since, delivery) WHERE state = 'failed';
  CREATE INDEX signals_settled ON dispatches (since) WHERE kind = 'signal' AND state <> 'pending';

  CREATE TABLE log_jobs (
    seq INTEGER PRIMARY KEY,
    workflow_id TEXT NOT NULL,
    job TEXT NOT NULL,
    -- The number of its newest line. Kept apart from the lines, so that pruning never makes a number come twice.
    last_number INTEGER NOT NULL,
    UNIQUE (workflow_id, job)
  ) STRICT;

  CREATE TABLE log_lines (
    job INTEGER NOT NULL REFERENCES log_jobs (seq),
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    stream TEXT NOT NULL,
    step TEXT,
    attempt INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (job, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX log_lines_by_time ON log_lines (at);

  CREATE TABLE records (
    seq INTEGER PRIMARY KEY,
    collection TEXT NOT NULL,
    key TEXT NOT NULL,
    version ANY NOT NULL,
    data TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (collection, key)
  ) STRICT;

  CREATE TABLE outbound_attempts (
    seq INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    at INTEGER NOT NULL,
    duration_ms REAL NOT NULL,
    status INTEGER,
    error TEXT,
    answer TEXT
  ) STRICT;
  CREATE INDEX outbound_attempts_by_message ON outbound_attempts (message_id, at);
  CREATE INDEX outbound_attempts_by_endpoint ON outbound_attempts (endpoint, at);
  CREATE INDEX outbound_attempts_by_time ON outbound_attempts (at);
  `,
  `
  -- One delivery may tell of several refs.
  ALTER TABLE deliveries RENAME COLUMN event TO events;
  UPDATE deliveries SET events = CASE WHEN events IS NULL THEN '[]' ELSE json_array(json(events)) END;
  -- Which of them a start is about.
  ALTER TABLE dispatches ADD COLUMN part INTEGER NOT NULL DEFAULT 0;
  -- How a run is started beside its event: JSON.
  ALTER TABLE dispatches ADD COLUMN how TEXT;
  `,
  `
  -- Whose turn it is handed over in: the source of its delivery; empty for a signal.
  ALTER TABLE dispatches ADD COLUMN flow TEXT NOT NULL DEFAULT '';
  UPDATE dispatches SET flow = (SELECT source FROM deliveries WHERE seq = delivery)
  WHERE state = 'pending' AND delivery IS NOT NULL;
  DROP INDEX dispatches_due;
  CREATE INDEX dispatches_turns ON dispatches (flow, due_at) WHERE state = 'pending';
  `,
  `
  -- A large body is deleted before its delivery.
  ALTER TABLE deliveries ADD COLUMN body_deleted INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX deliveries_large ON deliveries (received_at) WHERE body_bytes > 1048576 AND body_deleted = 0;
  `,
  `
  -- Which run has written it, by its workflow id: what it wrote can be forgotten with it.
  ALTER TABLE records ADD COLUMN run TEXT;
  CREATE INDEX records_by_run ON records (run) WHERE run IS NOT NULL;
  ALTER TABLE outbound_attempts ADD COLUMN run TEXT;
  CREATE INDEX outbound_attempts_by_run ON outbound_attempts (run) WHERE run IS NOT NULL;
  `,
];

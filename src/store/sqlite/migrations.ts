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
  `
  -- Runs that take turns: see lane_entries.
  CREATE TABLE lanes (
    seq INTEGER PRIMARY KEY,
    lane TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    mode TEXT NOT NULL DEFAULT 'open' CHECK (mode IN ('open', 'paused', 'draining')),
    -- Of the last change of mode.
    changed_by TEXT,
    reason TEXT,
    changed_at INTEGER,
    -- The newest that were let on: JSON.
    newest TEXT NOT NULL DEFAULT '{}',
    used_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX lanes_by_title ON lanes (title, lane);
  CREATE INDEX lanes_unused ON lanes (used_at) WHERE mode = 'open';

  -- What waits is no dispatch yet: nobody claims it, and nothing counts how long it waits for Temporal.
  CREATE TABLE lane_entries (
    -- In the order in which they have entered; never given twice.
    arrived INTEGER PRIMARY KEY AUTOINCREMENT,
    lane TEXT NOT NULL,
    workflow_id TEXT NOT NULL UNIQUE,
    automation TEXT NOT NULL,
    -- Of its event.
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waits', 'runs', 'aside', 'superseded', 'refused')),
    -- Among those of its priority.
    place INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    run_limit INTEGER NOT NULL,
    lane_group TEXT NOT NULL,
    on_busy TEXT NOT NULL,
    skip_outdated INTEGER NOT NULL DEFAULT 0,
    -- The workflow id of the run for whose sake this one has been told to end, or never began.
    superseded_by TEXT,
    because TEXT,
    -- Of a run that Temporal has begun by itself: absent. The next three say how it is started.
    delivery INTEGER REFERENCES deliveries (seq),
    part INTEGER NOT NULL DEFAULT 0,
    how TEXT,
    flow TEXT NOT NULL DEFAULT '',
    since INTEGER NOT NULL,
    -- When it came to its state.
    changed_at INTEGER NOT NULL,
    -- When Temporal was last asked about it.
    asked_at INTEGER NOT NULL DEFAULT 0,
    moved_by TEXT,
    move_reason TEXT,
    -- How often it was let on; one that has things to find out is so without a slot first.
    turns INTEGER NOT NULL DEFAULT 0,
    -- It has things to find out before it may take a slot.
    asks INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX lane_entries_live ON lane_entries (lane, state) WHERE state IN ('waits', 'runs', 'aside');
  CREATE INDEX lane_entries_by_delivery ON lane_entries (delivery) WHERE delivery IS NOT NULL;
  CREATE INDEX lane_entries_ended ON lane_entries (changed_at) WHERE delivery IS NULL AND state IN ('superseded', 'refused');

  -- When its run entered a lane; absent if it is in none.
  ALTER TABLE dispatches ADD COLUMN entered INTEGER;
  `,
  `
  -- When and where its event has happened: JSON.
  ALTER TABLE lane_entries ADD COLUMN happened TEXT;
  -- Of a run that Temporal has begun by itself: of its first execution.
  ALTER TABLE lane_entries ADD COLUMN run_id TEXT;
  `,
  `
  -- The provider's id of the repository that a delivery is about; empty for what comes from none. Absent where no wait can get it.
  ALTER TABLE deliveries ADD COLUMN repository TEXT;
  CREATE INDEX deliveries_by_repository ON deliveries (source, repository, seq) WHERE repository IS NOT NULL;

  -- Runs that wait for an event.
  CREATE TABLE waits (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    workflow_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    title TEXT NOT NULL,
    -- Its event ends the run.
    ends INTEGER NOT NULL DEFAULT 0,
    source TEXT NOT NULL,
    repository TEXT NOT NULL,
    -- JSON, both.
    about TEXT NOT NULL,
    triggers TEXT NOT NULL,
    -- The running number of the last delivery that it has been compared with.
    seen INTEGER NOT NULL,
    until INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'given', 'closed')),
    -- What it was given, with what has to be found out first (JSON).
    delivery INTEGER REFERENCES deliveries (seq),
    part INTEGER,
    asks TEXT,
    since INTEGER NOT NULL,
    -- When it came to its state.
    changed_at INTEGER NOT NULL,
    -- When Temporal was last asked about its run.
    asked_at INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX waits_open ON waits (source, repository, seen) WHERE state = 'open';
  CREATE INDEX waits_asked ON waits (asked_at) WHERE state = 'open';
  CREATE INDEX waits_by_run ON waits (workflow_id, state);
  CREATE INDEX waits_by_delivery ON waits (delivery) WHERE delivery IS NOT NULL;
  CREATE INDEX waits_ended ON waits (changed_at) WHERE state = 'closed';
  `,
  `
  -- What commit statuses say of its waiting, as long as somebody has to follow that up.
  ALTER TABLE lane_entries ADD COLUMN told TEXT;
  CREATE INDEX lane_entries_to_tell ON lane_entries (changed_at)
  WHERE told IS NOT NULL AND state IN ('superseded', 'refused');
  CREATE INDEX lane_entries_refused ON lane_entries (changed_at) WHERE state = 'refused';
  `,
  `
  -- Until when it waits for more of the same, and with what it does: JSON.
  ALTER TABLE lane_entries ADD COLUMN due_at INTEGER;
  ALTER TABLE lane_entries ADD COLUMN held TEXT;
  CREATE INDEX lane_entries_held ON lane_entries (due_at) WHERE due_at IS NOT NULL AND state = 'aside';
  `,
  `
  -- Of what a version without waits has stored, runs may wait for the newest: as many as hold up no start.
  UPDATE deliveries
  SET repository = CASE json_extract(events, '$[0].kind')
    WHEN 'generic' THEN '' ELSE json_extract(events, '$[0].repository.id') END
  WHERE repository IS NULL AND events <> '[]' AND json_valid(events)
    AND seq > (SELECT max(seq) FROM deliveries) - 100000;
  `,
  `
  -- The run whose slot it has, as a part of it; and whether it needs no slot for now, since it waits for people.
  ALTER TABLE lane_entries ADD COLUMN part_of TEXT;
  ALTER TABLE lane_entries ADD COLUMN rests INTEGER NOT NULL DEFAULT 0;
  UPDATE lane_entries SET rests = 1 WHERE state = 'aside' AND asks = 0 AND due_at IS NULL;
  `,
  `
  -- The workflow ids of the runs that it is a part of, and that wait for it: JSON.
  ALTER TABLE lane_entries ADD COLUMN around TEXT;
  CREATE INDEX lane_entries_around ON lane_entries (lane) WHERE around IS NOT NULL AND state = 'waits';
  `,
  `
  -- What Hookyard itself says in a log: where steps begin and end is found without reading what they print.
  CREATE INDEX log_notes ON log_lines (job, number) WHERE stream = 'note';
  `,
  `
  -- The full name of the repository that it is about, in small letters; empty where there is none. Absent in what a version
  -- without it has stored: that is looked through, as long as it is kept.
  ALTER TABLE deliveries ADD COLUMN repository_name TEXT;
  CREATE INDEX deliveries_by_name ON deliveries (repository_name, received_at) WHERE repository_name > '';
  CREATE INDEX deliveries_unnamed ON deliveries (received_at) WHERE repository_name IS NULL AND events <> '[]';
  `,
  `
  -- What was said to a run is found by it: it is forgotten with it.
  CREATE INDEX signals_by_run ON dispatches (workflow_id) WHERE kind = 'signal';
  `,
];

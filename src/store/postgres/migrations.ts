/** One step of the schema's history. */
export type Migration = {
  /** Counts up from 1 without a gap. */
  readonly version: number;
  readonly name: string;
} & (
  | {
      /** Done in one transaction. */
      readonly sql: string;
    }
  | {
      /** Built one after the other, while others read and write the table. */
      readonly indexes: readonly NewIndex[];
    }
);

/** An index of a table that may be large. */
export interface NewIndex {
  readonly name: string;
  /** The table, and what of it. */
  readonly on: string;
}

/**
 * The schema's history, oldest first. The table `hookyard_migrations` tells which of them a database has been through,
 * so an entry that has been released never changes; a change of the schema is a new entry at the end. Servers of the
 * version before run on while one is applied: add, don't take away. An index of a table that may be large is a step of its own: while
 * `sql` builds one, nobody else writes there.
 *
 * Ids and keys are compared byte by byte (`COLLATE "C"`), as a range of an id's beginnings needs it. JSON is kept as
 * text: `jsonb` reorders keys, and neither JSON type's functions can read a `\u0000`. Times are Unix ms. A delivery's
 * body lies apart from what lists show, uncompressed: compressing costs more time than the disk it saves.
 */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    name: 'inbox, logs, records, outbound attempts',
    sql: `
    CREATE TABLE hookyard_deliveries (
      seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text COLLATE "C" NOT NULL UNIQUE,
      source text COLLATE "C" NOT NULL,
      key text COLLATE "C" NOT NULL,
      body_hash text COLLATE "C" NOT NULL,
      event_name text NOT NULL,
      received_at bigint NOT NULL,
      headers text NOT NULL,
      events text NOT NULL,
      ignored text,
      verdicts text NOT NULL,
      body_bytes integer NOT NULL,
      -- The key first: a person looks for a key without saying the source.
      UNIQUE (key, source)
    );
    CREATE INDEX hookyard_deliveries_by_body ON hookyard_deliveries (source, body_hash, received_at);
    CREATE INDEX hookyard_deliveries_by_time ON hookyard_deliveries (received_at, seq);
    CREATE INDEX hookyard_deliveries_by_source ON hookyard_deliveries (source, received_at, seq);

    CREATE TABLE hookyard_bodies (
      delivery bigint PRIMARY KEY REFERENCES hookyard_deliveries (seq),
      body bytea NOT NULL
    );
    ALTER TABLE hookyard_bodies ALTER COLUMN body SET STORAGE EXTERNAL;

    CREATE TABLE hookyard_dispatches (
      seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text COLLATE "C" NOT NULL UNIQUE,
      kind text NOT NULL CHECK (kind IN ('start', 'signal')),
      -- Absent for a signal.
      delivery bigint REFERENCES hookyard_deliveries (seq),
      workflow_id text NOT NULL,
      -- The automation, or the signal's name.
      name text NOT NULL,
      -- Which of the delivery's events it is about.
      part integer NOT NULL DEFAULT 0,
      -- How a run is started beside its event: JSON.
      how text,
      payload text,
      state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'failed')),
      attempts integer NOT NULL DEFAULT 0,
      -- While somebody holds it: when the lease ends.
      due_at bigint NOT NULL,
      -- When its delivery was received, or the signal was kept.
      since bigint NOT NULL,
      run_id text,
      error text
    );
    CREATE INDEX hookyard_dispatches_by_delivery ON hookyard_dispatches (delivery) WHERE delivery IS NOT NULL;
    CREATE INDEX hookyard_dispatches_due ON hookyard_dispatches (due_at, seq) WHERE state = 'pending';
    CREATE INDEX hookyard_dispatches_waiting ON hookyard_dispatches (since) WHERE state = 'pending';
    CREATE INDEX hookyard_dispatches_failed ON hookyard_dispatches (delivery) WHERE state = 'failed';
    CREATE INDEX hookyard_signals_settled ON hookyard_dispatches (since) WHERE kind = 'signal' AND state <> 'pending';
    -- Each row is changed two or three times in its first second: what that leaves behind is cleared away early.
    ALTER TABLE hookyard_dispatches SET (autovacuum_vacuum_scale_factor = 0.05);

    CREATE TABLE hookyard_log_jobs (
      seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      workflow_id text COLLATE "C" NOT NULL,
      job text COLLATE "C" NOT NULL,
      -- The number of its newest line. Kept apart from the lines, so that pruning never makes a number come twice.
      last_number bigint NOT NULL,
      UNIQUE (workflow_id, job)
    );

    CREATE TABLE hookyard_log_lines (
      job bigint NOT NULL REFERENCES hookyard_log_jobs (seq),
      number bigint NOT NULL,
      at bigint NOT NULL,
      stream text NOT NULL,
      step text,
      attempt integer NOT NULL,
      text text NOT NULL,
      PRIMARY KEY (job, number)
    );
    CREATE INDEX hookyard_log_lines_by_time ON hookyard_log_lines (at);

    CREATE TABLE hookyard_records (
      seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      collection text COLLATE "C" NOT NULL,
      key text COLLATE "C" NOT NULL,
      -- One of the two.
      version_number double precision,
      version_text text COLLATE "C",
      data text NOT NULL,
      updated_at bigint NOT NULL,
      UNIQUE (collection, key),
      CHECK ((version_number IS NULL) <> (version_text IS NULL))
    );

    CREATE TABLE hookyard_outbound_attempts (
      seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      message_id text COLLATE "C" NOT NULL,
      endpoint text COLLATE "C" NOT NULL,
      attempt integer NOT NULL,
      at bigint NOT NULL,
      duration_ms double precision NOT NULL,
      status integer,
      error text,
      answer text
    );
    CREATE INDEX hookyard_outbound_attempts_by_message ON hookyard_outbound_attempts (message_id, at, seq);
    CREATE INDEX hookyard_outbound_attempts_by_endpoint ON hookyard_outbound_attempts (endpoint, at, seq);
    CREATE INDEX hookyard_outbound_attempts_by_time ON hookyard_outbound_attempts (at, seq);
    `,
  },
  {
    version: 2,
    name: 'turns of sources',
    sql: `
    -- Whose turn it is handed over in: the source of its delivery; empty for a signal.
    ALTER TABLE hookyard_dispatches ADD COLUMN flow text COLLATE "C" NOT NULL DEFAULT '';
    UPDATE hookyard_dispatches p SET flow = d.source
    FROM hookyard_deliveries d WHERE p.state = 'pending' AND d.seq = p.delivery;
    CREATE INDEX hookyard_dispatches_turns ON hookyard_dispatches (flow, due_at, seq) WHERE state = 'pending';
    `,
  },
  {
    version: 3,
    name: 'large bodies are deleted before their deliveries',
    sql: `
    ALTER TABLE hookyard_deliveries ADD COLUMN body_deleted smallint NOT NULL DEFAULT 0;
    CREATE INDEX hookyard_deliveries_large ON hookyard_deliveries (received_at)
    WHERE body_bytes > 1048576 AND body_deleted = 0;
    `,
  },
  {
    version: 4,
    name: 'which run has written records and outbound attempts',
    sql: `
    ALTER TABLE hookyard_records ADD COLUMN run text COLLATE "C";
    CREATE INDEX hookyard_records_by_run ON hookyard_records (run) WHERE run IS NOT NULL;
    ALTER TABLE hookyard_outbound_attempts ADD COLUMN run text COLLATE "C";
    CREATE INDEX hookyard_outbound_attempts_by_run ON hookyard_outbound_attempts (run) WHERE run IS NOT NULL;
    `,
  },
  {
    version: 5,
    name: 'lanes',
    sql: `
    -- Runs that take turns: see hookyard_lane_entries.
    CREATE TABLE hookyard_lanes (
      seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      lane text COLLATE "C" NOT NULL UNIQUE,
      title text COLLATE "C" NOT NULL,
      mode text NOT NULL DEFAULT 'open' CHECK (mode IN ('open', 'paused', 'draining')),
      -- Of the last change of mode.
      changed_by text,
      reason text,
      changed_at bigint,
      -- The newest that were let on: JSON.
      newest text NOT NULL DEFAULT '{}',
      used_at bigint NOT NULL
    );
    CREATE INDEX hookyard_lanes_by_title ON hookyard_lanes (title, lane);
    CREATE INDEX hookyard_lanes_unused ON hookyard_lanes (used_at) WHERE mode = 'open';

    -- What waits is no dispatch yet: nobody claims it, and nothing counts how long it waits for Temporal.
    CREATE TABLE hookyard_lane_entries (
      -- In the order in which they have entered; given while the lane is locked.
      arrived bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      lane text COLLATE "C" NOT NULL,
      workflow_id text COLLATE "C" NOT NULL UNIQUE,
      automation text NOT NULL,
      -- Of its event.
      kind text NOT NULL,
      state text NOT NULL CHECK (state IN ('waits', 'runs', 'aside', 'superseded', 'refused')),
      -- Among those of its priority.
      place bigint NOT NULL,
      priority integer NOT NULL,
      run_limit integer NOT NULL,
      lane_group text NOT NULL,
      on_busy text NOT NULL,
      skip_outdated smallint NOT NULL DEFAULT 0,
      -- The workflow id of the run for whose sake this one has been told to end, or never began.
      superseded_by text COLLATE "C",
      because text,
      -- Of a run that Temporal has begun by itself: absent. The next three say how it is started.
      delivery bigint REFERENCES hookyard_deliveries (seq),
      part integer NOT NULL DEFAULT 0,
      how text,
      flow text COLLATE "C" NOT NULL DEFAULT '',
      since bigint NOT NULL,
      -- When it came to its state.
      changed_at bigint NOT NULL,
      -- When Temporal was last asked about it.
      asked_at bigint NOT NULL DEFAULT 0,
      moved_by text,
      move_reason text,
      -- How often it was let on; one that has things to find out is so without a slot first.
      turns integer NOT NULL DEFAULT 0,
      -- It has things to find out before it may take a slot.
      asks smallint NOT NULL DEFAULT 0
    );
    CREATE INDEX hookyard_lane_entries_live ON hookyard_lane_entries (lane, state)
    WHERE state IN ('waits', 'runs', 'aside');
    CREATE INDEX hookyard_lane_entries_by_delivery ON hookyard_lane_entries (delivery) WHERE delivery IS NOT NULL;
    CREATE INDEX hookyard_lane_entries_ended ON hookyard_lane_entries (changed_at)
    WHERE delivery IS NULL AND state IN ('superseded', 'refused');
    -- Each row is changed two or three times before it is deleted.
    ALTER TABLE hookyard_lane_entries SET (autovacuum_vacuum_scale_factor = 0.05);

    -- When its run entered a lane; absent if it is in none.
    ALTER TABLE hookyard_dispatches ADD COLUMN entered bigint;
    `,
  },
  {
    version: 6,
    name: 'which of two runs in a lane is the newer, and which run has had a workflow id',
    sql: `
    -- When and where its event has happened: JSON.
    ALTER TABLE hookyard_lane_entries ADD COLUMN happened text;
    -- Of a run that Temporal has begun by itself: of its first execution.
    ALTER TABLE hookyard_lane_entries ADD COLUMN run_id text;
    `,
  },
  {
    version: 7,
    name: 'runs that wait for an event',
    sql: `
    -- The provider's id of the repository that a delivery is about; empty for what comes from none. Absent where no wait can get it.
    ALTER TABLE hookyard_deliveries ADD COLUMN repository text COLLATE "C";

    -- Runs that wait for an event.
    CREATE TABLE hookyard_waits (
      seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text COLLATE "C" NOT NULL UNIQUE,
      workflow_id text COLLATE "C" NOT NULL,
      run_id text COLLATE "C" NOT NULL,
      title text NOT NULL,
      -- Its event ends the run.
      ends smallint NOT NULL DEFAULT 0,
      source text COLLATE "C" NOT NULL,
      repository text COLLATE "C" NOT NULL,
      -- JSON, both.
      about text NOT NULL,
      triggers text NOT NULL,
      -- The running number of the last delivery that it has been compared with.
      seen bigint NOT NULL,
      until bigint NOT NULL,
      state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'given', 'closed')),
      -- What it was given, with what has to be found out first (JSON).
      delivery bigint REFERENCES hookyard_deliveries (seq),
      part integer,
      asks text,
      since bigint NOT NULL,
      -- When it came to its state.
      changed_at bigint NOT NULL,
      -- When Temporal was last asked about its run.
      asked_at bigint NOT NULL DEFAULT 0
    );
    CREATE INDEX hookyard_waits_open ON hookyard_waits (source, repository, seen) WHERE state = 'open';
    CREATE INDEX hookyard_waits_asked ON hookyard_waits (asked_at) WHERE state = 'open';
    CREATE INDEX hookyard_waits_by_run ON hookyard_waits (workflow_id, state);
    CREATE INDEX hookyard_waits_by_delivery ON hookyard_waits (delivery) WHERE delivery IS NOT NULL;
    CREATE INDEX hookyard_waits_ended ON hookyard_waits (changed_at) WHERE state = 'closed';
    `,
  },
  {
    version: 8,
    name: 'what commit statuses say of runs that wait in lanes',
    sql: `
    -- As long as somebody has to follow that up.
    ALTER TABLE hookyard_lane_entries ADD COLUMN told text;
    CREATE INDEX hookyard_lane_entries_to_tell ON hookyard_lane_entries (changed_at)
    WHERE told IS NOT NULL AND state IN ('superseded', 'refused');
    CREATE INDEX hookyard_lane_entries_refused ON hookyard_lane_entries (changed_at) WHERE state = 'refused';
    `,
  },
  {
    version: 9,
    name: 'runs that wait for more of the same',
    sql: `
    -- Until when it waits for more of the same, and with what it does: JSON.
    ALTER TABLE hookyard_lane_entries ADD COLUMN due_at bigint;
    ALTER TABLE hookyard_lane_entries ADD COLUMN held text;
    CREATE INDEX hookyard_lane_entries_held ON hookyard_lane_entries (due_at)
    WHERE due_at IS NOT NULL AND state = 'aside';
    `,
  },
  {
    version: 10,
    name: 'what runs may wait for of older deliveries',
    sql: `
    -- Of what a version without waits has stored, the newest: as many as hold up no start. Postgres makes no text of NUL.
    UPDATE hookyard_deliveries
    SET repository = CASE events::json #>> '{0,kind}' WHEN 'generic' THEN '' ELSE events::json #>> '{0,repository,id}' END
    WHERE repository IS NULL AND events <> '[]' AND strpos(events, '\\u0000') = 0
      AND seq > (SELECT max(seq) FROM hookyard_deliveries) - 100000;
    `,
  },
  {
    version: 11,
    name: 'runs that are parts of others in their lane',
    sql: `
    -- The run whose slot it has, as a part of it; and whether it needs no slot for now, since it waits for people.
    ALTER TABLE hookyard_lane_entries ADD COLUMN part_of text COLLATE "C";
    ALTER TABLE hookyard_lane_entries ADD COLUMN rests smallint NOT NULL DEFAULT 0;
    UPDATE hookyard_lane_entries SET rests = 1 WHERE state = 'aside' AND asks = 0 AND due_at IS NULL;
    `,
  },
  {
    version: 12,
    name: 'runs in lanes that others wait for',
    sql: `
    -- The workflow ids of the runs that it is a part of, and that wait for it: JSON.
    ALTER TABLE hookyard_lane_entries ADD COLUMN around text;
    CREATE INDEX hookyard_lane_entries_around ON hookyard_lane_entries (lane)
    WHERE around IS NOT NULL AND state = 'waits';
    `,
  },
  {
    version: 13,
    name: 'where steps begin and end in a log',
    // What Hookyard itself says in a log is found without reading what the steps print.
    indexes: [{ name: 'hookyard_log_notes', on: `hookyard_log_lines (job, number) WHERE stream = 'note'` }],
  },
  {
    version: 14,
    name: 'deliveries of a repository by its name',
    sql: `
    -- The full name of the repository that it is about, in small letters; empty where there is none. Absent in what a version
    -- without it has stored: that is looked through, as long as it is kept.
    ALTER TABLE hookyard_deliveries ADD COLUMN repository_name text COLLATE "C";
    `,
  },
  {
    version: 15,
    name: 'indexes of deliveries by their repositories',
    indexes: [
      {
        name: 'hookyard_deliveries_by_repository',
        on: 'hookyard_deliveries (source, repository, seq) WHERE repository IS NOT NULL',
      },
      {
        name: 'hookyard_deliveries_by_name',
        on: `hookyard_deliveries (repository_name, received_at, seq) WHERE repository_name > ''`,
      },
      {
        name: 'hookyard_deliveries_unnamed',
        on: `hookyard_deliveries (received_at, seq) WHERE repository_name IS NULL AND events <> '[]'`,
      },
    ],
  },
  {
    version: 16,
    name: 'what was said to a run',
    // It is forgotten with the run.
    indexes: [{ name: 'hookyard_signals_by_run', on: `hookyard_dispatches (workflow_id) WHERE kind = 'signal'` }],
  },
];

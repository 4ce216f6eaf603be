/** What runs tell the worker that they run on, beside what Temporal records of them. Not told again when a run is replayed. */
export type RunSinks = {
  readonly hookyardRuns: {
    /** The run has a place in a lane, and ends now. */
    ends(): void;
  };
};

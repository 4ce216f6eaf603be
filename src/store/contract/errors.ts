/** The store can't write now: disk full, locked for too long, or more waiting than it may hold. Worth a later try. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

export class StoreClosedError extends Error {
  override readonly name = 'StoreClosedError';
}

/** A record's versions can't be compared: one is a number and one a string. The same call will fail again. */
export class RecordVersionError extends Error {
  override readonly name = 'RecordVersionError';
}

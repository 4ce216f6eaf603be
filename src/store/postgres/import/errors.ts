/** The database holds something already, so nothing was copied into it. */
export class NotEmptyError extends Error {
  override readonly name = 'NotEmptyError';

  constructor(table: string) {
    super(`the database's table ${table} has rows already`);
  }
}

/** What was read back from the database is not what was written into it, so nothing stays there. */
export class NotTheSameError extends Error {
  override readonly name = 'NotTheSameError';

  constructor(table: string) {
    super(`what the database holds of ${table} is not what the file holds`);
  }
}

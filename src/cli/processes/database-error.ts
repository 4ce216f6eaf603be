import { UserError } from '../user-error.js';

/** Turns what the database said when it was opened into an error for a person: a stack would only hide it. */
export function databaseError(error: unknown): UserError {
  return new UserError(
    `The database that DATABASE_URL names can't be used: ${(error as Error).message}. Correct DATABASE_URL, or start the database`,
  );
}

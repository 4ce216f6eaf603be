import { UserError } from '../user-error.js';

/** What the database said when it was opened is for a person to put right; a stack would only hide it. */
export function asUserError(error: unknown): UserError {
  return new UserError(`The database that DATABASE_URL names can't be used: ${(error as Error).message}`);
}

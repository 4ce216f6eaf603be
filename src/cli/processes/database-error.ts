import { StoreHeldError } from '../../store/store.js';
import { UserError } from '../user-error.js';

/** Turns what the database said when it was opened into an error for a person: a stack would only hide it. */
export function databaseError(error: unknown): UserError {
  const because = (error as Error).message.replace(/\.$/, '');
  const what = `The database that DATABASE_URL names can't be used: ${because}`;
  if (error instanceof StoreHeldError) return new UserError(`${what}. Wait for that or end it, and try again`);
  return new UserError(`${what}. Correct DATABASE_URL, or start the database`);
}

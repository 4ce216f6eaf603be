import { z } from 'zod';
import { plainName } from '../plain-name.js';

/** In characters. */
const MAX = 100;
const UNNAMED = 'an operator';

/** Returns what somebody calls themselves as one line of what can be seen; `an operator` for who says nothing. */
export function operatorName(said: string): string {
  return plainName(said, MAX) || UNNAMED;
}

/** What somebody calls themselves, in a body: 100 characters at most. */
export const operatorNameSchema = z.string().min(1).max(MAX).transform(operatorName);

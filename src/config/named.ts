import { z } from 'zod';

/** What things of the configuration may be called. */
export const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,49}$/, 'a name is 1 to 50 lower-case letters, digits and -');

/** Returns the schema of things by their names; none by default. */
export const named = <T extends z.ZodType>(value: T) => z.record(name, value).default({});

import { z } from 'zod';
import { REFUSED_NAME } from './shapes.js';

/**
 * Returns the schema of an item in a list of branches or pull requests: undefined for one in which nothing is wrong but
 * names that are refused. A stranger can make such a branch and open a pull request from it, which must not keep the
 * others from being read. An item that has another shape is refused as ever.
 */
export function listed<T extends z.ZodType>(item: T) {
  return z.unknown().transform((value, context): z.output<T> | undefined => {
    const { success, data, error } = item.safeParse(value);
    if (success) return data;
    if (error.issues.every(isRefusedName)) return undefined;
    for (const { path, message } of error.issues) context.addIssue({ code: 'custom', path: [...path], message });
    return z.NEVER;
  });
}

function isRefusedName(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'custom' && issue.params?.refusedName === REFUSED_NAME.params.refusedName;
}

/** Returns the items of a list without those that {@link listed} has left out. */
export function withoutRefused<T>(items: readonly (T | undefined)[]): readonly T[] {
  return items.filter((item) => item !== undefined);
}

import type { Request } from 'express';

/** Returns the fields of a form or a query that are texts and not empty. Of one that is there twice the last counts. */
export function givenIn(fields: unknown): Record<string, string> {
  if (typeof fields !== 'object' || fields === null) return {};
  const texts = Object.entries(fields).map(([name, value]) => [name, [value].flat().at(-1)] as const);
  return Object.fromEntries(
    texts.filter((pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1] !== ''),
  );
}

/** Returns the id in a path: several parts of it are one id, which has slashes. */
export function idIn({ params }: Request): string {
  const id: string | string[] | undefined = params.id;
  return Array.isArray(id) ? id.join('/') : (id ?? '');
}

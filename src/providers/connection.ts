import type { z } from 'zod';
import type { Secret } from '../secrets/secret.js';
import { ProviderError } from './error.js';
import type { Answer, Ask, Question } from './json-client.js';
import type { Pages } from './pages.js';
import { promised } from './parse-response.js';
import { tokenFor } from './token-header.js';

/** A provider's REST API with one source's credentials. */
export interface Connection {
  readonly ask: Ask;
  /** Asks, and takes from the answer what `schema` names; `what` stands in the error. */
  get<T extends z.ZodType>(question: Question, schema: T, what: string): Promise<z.output<T>>;
  /** Takes from an answer what `schema` names. */
  read<T extends z.ZodType>(schema: T, answer: Answer, what: string): z.output<T>;
}

/** Asks for a list, page by page. */
export type ReadList<O = object> = <T extends z.ZodType>(
  question: Question,
  item: T,
  options: ListOptions<z.output<T>> & O,
) => Promise<Pages<z.output<T>>>;

export interface ListOptions<T> {
  readonly what: string;
  /** Items, at most. */
  readonly most: number;
  /** Whether a page has what was looked for, and the rest need not be read. */
  readonly enough?: (page: readonly T[]) => boolean;
}

/** `name`: the source's, for messages. */
export function connectionOf(name: string, ask: Ask): Connection {
  const read: Connection['read'] = (schema, answer, what) => promised(schema, answer, { source: name, what });
  return { ask, read, get: async (question, schema, what) => read(schema, await ask(question), what) };
}

/** The token of a source, ready for a header. Throws {@link ProviderError} (`not configured`) when there is none. */
export function sourceToken({
  name,
  source,
}: {
  name: string;
  source: { readonly api?: { readonly token?: Secret | undefined } | undefined };
}): string {
  const option = `sources.${name}.api.token`;
  if (source.api?.token) return tokenFor(source.api.token, option);
  throw new ProviderError('not configured', `source ${name} has no API credentials: set ${option}`);
}

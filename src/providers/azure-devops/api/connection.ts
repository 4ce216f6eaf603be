import type { z } from 'zod';
import type { SourceOf } from '../../../config/config.js';
import { ProviderError } from '../../error.js';
import { type Answer, type Ask, createAsk, type Question } from '../../json-client.js';
import { promised } from '../../parse-response.js';
import { tokenFor } from '../../token-header.js';

export interface AzureOptions {
  /** The source's name. */
  readonly name: string;
  readonly source: SourceOf<'azure-devops'>;
  readonly signal?: (() => AbortSignal | undefined) | undefined;
}

/** The REST API of an organisation of Azure DevOps with one source's credentials. */
export interface AzureConnection {
  readonly ask: Ask;
  /** Asks, and takes from the answer what `schema` names; `what` stands in the error. */
  get<T extends z.ZodType>(question: Question, schema: T, what: string): Promise<z.output<T>>;
  /** Takes from an answer what `schema` names. */
  read<T extends z.ZodType>(schema: T, answer: Answer, what: string): z.output<T>;
}

const VERSION = '7.1';

/**
 * A personal access token is a password without a user's name.
 * Source: https://learn.microsoft.com/rest/api/azure/devops/
 */
export function connectAzure(options: AzureOptions): AzureConnection {
  const { name, source, signal } = options;
  const plain = createAsk({
    source: name,
    base: (source.api?.url ?? source.url).replace(/\/+$/, ''),
    headers: () => ({ authorization: authorization(options), 'x-tfs-fedauthredirect': 'Suppress' }),
    signal,
  });
  const ask: Ask = async (question) => {
    const answer = await plain({ ...question, query: { 'api-version': VERSION, ...question.query } });
    // An expired token is answered with the page to sign in on.
    if (answer.status !== 203) return answer;
    throw new ProviderError(
      'not configured',
      `the API of source ${name} asks to sign in: set sources.${name}.api.token to a token that is valid`,
      { status: 203 },
    );
  };
  const read: AzureConnection['read'] = (schema, answer, what) => promised(schema, answer, { source: name, what });
  return { ask, read, get: async (question, schema, what) => read(schema, await ask(question), what) };
}

function authorization({ name, source }: AzureOptions): string {
  const option = `sources.${name}.api.token`;
  if (!source.api?.token)
    throw new ProviderError('not configured', `source ${name} has no API credentials: set ${option}`);
  return `Basic ${Buffer.from(`:${tokenFor(source.api.token, option)}`).toString('base64')}`;
}

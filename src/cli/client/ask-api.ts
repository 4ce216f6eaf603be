import { bearer } from '../../http/auth-headers.js';
import type { ErrorAnswer } from '../../server/api/contract.js';
import { whoIsHere } from '../commands/who-is-here.js';
import { harmless } from '../format/paint.js';
import { typedWord } from '../format/typed-word.js';
import { ServerAway, UserError } from '../user-error.js';
import { mayAnswerLater, request } from './request.js';

/** What is asked for. */
export interface ApiRequest {
  readonly query?: object;
  readonly body?: object;
  /** The command that asks for a delivery or a run, to be typed again where several are meant. */
  readonly command?: string;
}

/** Returns the function that asks `/api/<path>`; it resolves to undefined for a 404. */
export function createAsk(url: string, token: string) {
  return async <T>(
    method: 'GET' | 'POST',
    path: string,
    { query = {}, body, command }: ApiRequest = {},
  ): Promise<T | undefined> => {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
    const { status, json } = await request(`${url}/api/${path}?${search}`, {
      method,
      headers: {
        authorization: bearer(token),
        'x-hookyard-by': encodeURIComponent(whoIsHere()),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (status === 404) return undefined;
    if (status === 401) wrongToken(url);
    const { meanings, runs } = (json ?? {}) as Partial<ErrorAnswer>;
    if (status === 409 && meanings) severalMeant(meanings, command);
    if (status === 409 && runs) severalRunsMeant(runs, command);
    if (status >= 200 && status <= 299) return json as T;
    const Failure = mayAnswerLater(status) ? ServerAway : UserError;
    throw new Failure(`${url} answers ${status}: ${errorOf(json)}`);
  };
}

/** Throws {@link UserError}: the server's own words are for those who write requests. */
function wrongToken(url: string): never {
  throw new UserError(
    `${url} answers 401: the API token is not that server's. HOOKYARD_API_TOKEN must be what its server.apiToken is: ` +
      'where none is configured, the content of secrets/api-token in its data folder',
  );
}

function errorOf(json: unknown): string {
  const { error } = (json ?? {}) as Partial<ErrorAnswer>;
  return harmless(String(error ?? JSON.stringify(json))).slice(0, 1_000);
}

/** Throws {@link UserError} with a line for each delivery that is meant, which is what to type. */
function severalMeant(meanings: NonNullable<ErrorAnswer['meanings']>, command = 'explain'): never {
  const lines = meanings.map(({ id, source, key, eventName, receivedAt }) => {
    const at = new Date(receivedAt).toISOString();
    return `  npx hookyard ${command} ${id}   ${harmless(`"${eventName}" of source ${source}, key ${key}`)}, ${at}`;
  });
  throw new UserError(['Several deliveries are called so. Type one of:', ...lines].join('\n'));
}

/** Throws {@link UserError} with a line for each run that is meant, which is what to type. */
function severalRunsMeant(runs: readonly string[], command = 'logs'): never {
  const lines = runs.map((run) => `  npx hookyard ${command} ${typedWord(run)}`);
  throw new UserError(['Several runs are called so. Type one of:', ...lines].join('\n'));
}

import { Agent } from 'undici';
import type { Config, SourceOf } from '../../config/config.js';
import type { Secret } from '../../config/secret.js';
import { checkedRepository, checkedSha } from '../git/names.js';
import { post } from '../outbound/post.js';
import { notConfigured, refused, unavailable } from '../remote/failure.js';
import { retryAfterMs } from '../remote/retry-delay.js';
import { type Status, type WriteStatus, withoutCredentials } from './status.js';

type TokenSource = SourceOf<'gitlab' | 'gitea' | 'forgejo' | 'gogs'>;

/** What differs between providers whose API takes a token and a JSON body. */
export interface StatusApi {
  /** Below the source's `api.url`, or its `url` if that is not set. */
  readonly path: (status: { repository: string; sha: string }) => string;
  readonly headers: (token: string) => Record<string, string>;
  readonly body: (status: Status) => object;
}

/** Writes statuses with one POST each. */
export function createTokenStatus(config: Config, api: StatusApi): WriteStatus {
  const dispatcher = new Agent();
  return async (status) => {
    const source = config.sources[status.source] as TokenSource;
    const token = source.api?.token;
    if (!token) return withoutCredentials(status.source);
    const base = (source.api?.url ?? source.url).replace(/\/+$/, '');
    const path = api.path({ repository: checkedRepository(status.repository), sha: checkedSha(status.sha) });
    const option = `sources.${status.source}.api.token`;
    const answer = await post({
      to: `the API of source ${status.source}`,
      allowOption: '',
      url: `${base}${path}`,
      dispatcher,
      headers: { 'content-type': 'application/json', 'user-agent': 'hookyard', ...api.headers(checked(token, option)) },
      body: JSON.stringify(api.body(status)),
    });
    if (answer.status >= 200 && answer.status < 300) return { reported: true };
    const said = `the API of source ${status.source} answered ${answer.status} to a status`;
    if (answer.status === 401 || answer.status === 403)
      throw notConfigured(`${said}: set ${option} to one that may write statuses`);
    if (answer.status === 429 || answer.status >= 500)
      throw unavailable(said, retryAfterMs(answer.retryAfter, Date.now()));
    throw refused(said);
  };
}

/** A token with a line break would be quoted in the error of whoever is to send it. */
function checked(token: Secret, option: string): string {
  const value = token.reveal();
  if (!/^[\x21-\x7e]+$/.test(value))
    throw notConfigured(`${option} holds a blank, a line break or another character that no header can carry`);
  return value;
}

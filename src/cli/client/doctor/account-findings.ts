import type { SourceApi } from '../../../providers/api.js';
import { ProviderError } from '../../../providers/error.js';
import { PROVIDERS } from '../../../providers/index.js';
import type { GitProvider } from '../../../providers/provider.js';
import type { GitSource } from '../../../providers/source.js';
import { fine, problem, type Remark, warn } from '../../../server/api/findings/finding.js';
import { setCredentials } from '../hooks/hooks-of.js';

/** Checks whether a source's API credentials work, whose they are, and whether the provider has ended their kind. `api` prepares them, or throws {@link ProviderError}. */
export async function accountFindings(
  name: string,
  source: GitSource,
  api: () => Promise<SourceApi | undefined>,
): Promise<Remark[]> {
  const remarks = await workFindings(name, source, api);
  const provider: Pick<GitProvider<GitSource>, 'facts' | 'credentialRemarks'> = PROVIDERS[source.kind];
  const refused = remarks.some(({ level }) => level === 'problem');
  const known = provider.credentialRemarks?.(source, { name, now: Date.now(), refused }) ?? [];
  return [...remarks, ...known.map(({ kind, says, advice }) => (kind === 'ended' ? problem : warn)(says, advice))];
}

async function workFindings(
  name: string,
  source: GitSource,
  api: () => Promise<SourceApi | undefined>,
): Promise<Remark[]> {
  try {
    const made = await api();
    if (!made)
      return [
        warn(
          'no API credentials: no statuses, comments, commands and webhooks from here',
          setCredentials(name, source),
        ),
      ];
    if (made.account) return ownerFindings(name, source.api?.account, (await made.account()).login);
    const unasked = 'API credentials are set; its API does not say whose they are';
    return source.api?.account ? [fine(unasked)] : [warn(unasked, setAccount(name, '<login>'))];
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return [failed(error, name)];
  }
}

/** Compares the configured account with the real one. No provider tells logins apart by upper and lower case. */
function ownerFindings(name: string, configured: string | undefined, login: string): Remark[] {
  const works = fine(`API credentials work: they are ${login}'s`);
  if (configured?.toLowerCase() === login.toLowerCase()) return [works];
  const is = configured === undefined ? 'is not set' : `is "${configured}"`;
  return [
    works,
    warn(
      `sources.${name}.api.account ${is}: what ${login} does by these credentials starts automations`,
      setAccount(name, login),
    ),
  ];
}

function setAccount(name: string, login: string): string {
  return `set sources.${name}.api.account to "${login}": our own comments and pushes then start nothing`;
}

function failed({ kind, status, message }: ProviderError, name: string): Remark {
  if (kind === 'unavailable')
    return warn(`it is not known whether its API credentials work: ${message}`, 'try again later');
  if (status === 403)
    return warn(
      `API credentials are not allowed to ask whose they are: ${message}`,
      `set sources.${name}.api.account by hand`,
    );
  return problem(`API credentials are refused: ${message}`, `give sources.${name}.api others`);
}

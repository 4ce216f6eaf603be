import type { Source } from '../config/config.js';
import type { Activities } from './contract.js';
import type { ActivityDeps } from './deps.js';
import { notConfigured } from './remote/failure.js';
import { giteaStatus } from './status/gitea.js';
import { createGithubStatus } from './status/github.js';
import { gitlabStatus } from './status/gitlab.js';
import { readyStatus, type WriteStatus } from './status/status.js';
import { createTokenStatus } from './status/token-api.js';

/**
 * Writes one commit status at the source's provider. Throws a non-retryable `NotConfigured` or `Refused` failure;
 * everything else is retried.
 */
export function createReportStatus(deps: ActivityDeps): Activities['reportStatus'] {
  const { config } = deps;
  const gitea = createTokenStatus(config, giteaStatus);
  const writers: { readonly [K in Source['kind']]?: WriteStatus } = {
    github: createGithubStatus(deps),
    gitlab: createTokenStatus(config, gitlabStatus),
    gitea,
    forgejo: gitea,
  };
  return async function reportStatus(input) {
    const source = Object.hasOwn(config.sources, input.source) ? config.sources[input.source] : undefined;
    if (!source) throw notConfigured(`there is no source ${JSON.stringify(input.source)}: add it under sources`);
    const write = writers[source.kind];
    if (!write) return { reported: false, because: `a source of kind ${source.kind} has no commit statuses` };
    return write(readyStatus(config, input));
  };
}

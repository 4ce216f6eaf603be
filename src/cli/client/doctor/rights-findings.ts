import type { RepositoryApi } from '../../../providers/api.js';
import { ProviderError } from '../../../providers/error.js';
import type { GitFacts } from '../../../providers/facts.js';
import type { RightUse } from '../../../providers/permission.js';
import { fine, problem, type Remark, warn } from '../../../server/api/findings/finding.js';

/** What is known of a repository's rights before they are asked for. */
export interface RightsQuestion {
  readonly api: Pick<RepositoryApi, 'rights' | 'permissionOf'>;
  /** What credentials must be allowed for each use, in words. */
  readonly needs: GitFacts['rights'];
  /** Automations listen to the repository: what their jobs find is to be shown at its lines. */
  readonly annotates: boolean;
  /** The repository's webhooks could be read: its account sees it, whatever another call says. */
  readonly isSeen: boolean;
}

const REFUSED: Readonly<Record<RightUse, string>> = {
  statuses: 'commit statuses will be refused',
  comments: 'comments, and answers to commands, will be refused',
  commands: 'comment commands will be refused, since nobody can be asked who may give them',
  annotations: 'failing tests and problems of jobs will be in a comment on the pull request, and not at their lines',
};

const USES: Readonly<Record<RightUse, string>> = {
  statuses: 'report statuses',
  comments: 'comment',
  commands: 'ask who may give commands',
  annotations: 'show problems at their lines',
};

/** Tests whether a source's credentials may do in a repository what runs there need, and names what is lacking. */
export async function rightsFindings({ api, needs, isSeen, annotates }: RightsQuestion): Promise<Remark[]> {
  return [...(api.permissionOf ? [] : [fine(NO_COMMANDS)]), ...(await rightsOf({ api, needs, isSeen, annotates }))];
}

const NO_COMMANDS =
  'comment commands are answered, and not carried out, but for answers of people whom an approval names: its API does not tell who may give them; `hookyard approve`, `rerun` and `cancel` do the same';

async function rightsOf({ api, needs, isSeen, annotates }: RightsQuestion): Promise<Remark[]> {
  if (!api.rights) return [];
  try {
    const rights = (await api.rights()).filter(({ use }) => annotates || use !== 'annotations');
    const has = rights.filter((right) => right.has === true).map(({ use }) => USES[use]);
    return [
      ...(has.length > 0 ? [fine(`its credentials may ${has.join(', ')}`)] : []),
      ...rights
        .filter((right) => right.has === false)
        .map(({ use, lacks }) => {
          // What is shown elsewhere is not lost.
          const remark = use === 'annotations' ? warn : problem;
          return remark(
            `${REFUSED[use]}${lacks ? `: ${lacks}` : ''}`,
            `the credentials need ${needs[use] ?? needs.statuses}`,
          );
        }),
    ];
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind === 'unavailable') return [warn(`its rights are not known: ${error.message}`, 'try again later')];
    if (isSeen) return [];
    return [
      problem(
        `its credentials do not see the repository: ${error.message}`,
        `give them access to it; statuses need ${needs.statuses}`,
      ),
    ];
  }
}

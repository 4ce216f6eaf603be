import { z } from 'zod';
import type { RepositoryApi } from '../../api.js';
import { checkedId } from '../../names.js';
import { id } from '../../shapes.js';
import type { GithubConnection } from './client.js';

const side = z.object({ id: id.nullish() }).nullish();
const runsSchema = z.object({ workflow_runs: z.array(z.object({ repository: side, head_repository: side })) });

/**
 * Returns the call about check suites, as GitHub Actions makes them. A suite's runs all have one commit, so one page tells; a
 * head repository that was deleted is null.
 */
export function checkSuites(api: GithubConnection): Required<Pick<RepositoryApi, 'isOwnSuite'>> {
  return {
    /** Source: https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-repository */
    async isOwnSuite(suite) {
      const route = 'GET /repos/{owner}/{repo}/actions/runs';
      const parameters = { check_suite_id: checkedId(suite), per_page: 30 };
      const { workflow_runs: runs } = await api.get(route, parameters, { schema: runsSchema });
      const isOwn = ({ repository, head_repository: head }: (typeof runs)[number]) =>
        Boolean(repository?.id) && repository?.id === head?.id;
      return runs.length > 0 && runs.every(isOwn);
    },
  };
}

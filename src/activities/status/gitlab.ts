import type { StatusInput } from '../contract.js';
import type { StatusApi } from './token-api.js';

/** GitLab has no word for "not the code's fault". */
const STATES: Readonly<Record<StatusInput['state'], string>> = {
  pending: 'pending',
  success: 'success',
  failure: 'failed',
  error: 'failed',
};

/** Source: https://docs.gitlab.com/api/commits/#set-commit-pipeline-status */
export const gitlabStatus: StatusApi = {
  path: ({ repository, sha }) => `/api/v4/projects/${encodeURIComponent(repository)}/statuses/${sha}`,
  headers: (token) => ({ 'private-token': token }),
  body: ({ state, context, description, targetUrl }) => ({
    state: STATES[state],
    name: context,
    description,
    ...(targetUrl && { target_url: targetUrl }),
  }),
};

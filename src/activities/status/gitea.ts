import type { StatusApi } from './token-api.js';

/** Gitea and Forgejo; Gogs has no statuses. Source: https://docs.gitea.com/api/ (repoCreateStatus) */
export const giteaStatus: StatusApi = {
  path: ({ repository, sha }) => `/api/v1/repos/${repository}/statuses/${sha}`,
  headers: (token) => ({ authorization: `token ${token}` }),
  body: ({ state, context, description, targetUrl }) => ({
    state,
    context,
    description,
    ...(targetUrl && { target_url: targetUrl }),
  }),
};

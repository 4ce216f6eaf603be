import { OUR_MARKER } from '../../events/comment-commands.js';
import { PERMISSIONS } from '../../providers/permission.js';
import type { Activities } from '../contract/index.js';
import { notConfigured } from '../failures.js';
import { type CallRepository, cannotCall } from './call-repository.js';

type PullRequestActivities = Pick<Activities, 'checkPermission' | 'react' | 'writeComment' | 'readPullRequest'>;

/** Returns the activities on pull requests and their comments. */
export function createPullRequests(call: CallRepository): PullRequestActivities {
  return {
    async checkPermission({ source, repository, login, id, atLeast }) {
      const person = { login, ...(id !== undefined && { id }) };
      const found = await call({ source, repository }, (api) => api.permissionOf?.(person));
      if (!found)
        return { allowed: false, because: cannotCall(source, 'tell who may do what, so nobody may'), unaskable: true };
      const allowed = PERMISSIONS.indexOf(found.result) >= PERMISSIONS.indexOf(atLeast);
      const has = found.result === 'none' ? 'no access' : `${found.result} access`;
      return { allowed, because: `"${login}" has ${has} to ${repository}${allowed ? '' : `, and needs ${atLeast}`}` };
    },

    async react({ source, repository, ...to }) {
      await call({ source, repository }, (api) => api.react?.(to));
    },

    async writeComment({ source, repository, number, body, sticky }) {
      const where = { source, repository };
      // A comment that is not sticky is marked as ours too, so that nothing in it is read as a command.
      const marker = markerOf(sticky ?? 'answer');
      const text = `${body}\n\n${marker}`;
      const known =
        sticky === undefined ? undefined : await call(where, (api) => api.findComment?.({ number, marker }));
      const old = known?.result;
      if (old && same(old.body, text))
        return { written: true, outcome: 'unchanged', ...(old.url !== undefined && { url: old.url }) };
      const written = await call(where, (api) =>
        old ? api.editComment?.({ number, id: old.id, body: text }) : api.comment?.({ number, body: text }),
      );
      if (!written) return { written: false, because: cannotCall(source, 'write comments') };
      const { url } = written.result;
      return { written: true, outcome: old ? 'updated' : 'created', ...(url !== undefined && { url }) };
    },

    async readPullRequest({ source, repository, number }) {
      const found = await call({ source, repository }, (api) => api.pullRequest?.(number));
      if (!found) throw notConfigured(cannotCall(source, 'read pull requests'));
      return found.result;
    },
  };
}

/** Returns the text that a comment is found by: the provider's page does not show it. */
function markerOf(name: string): string {
  return `${OUR_MARKER}${name.replace(/[^\w./-]/g, '-')} -->`;
}

/** Compares as providers store texts: trimmed, with other line ends. */
function same(a: string, b: string): boolean {
  const plain = (text: string) => text.replace(/\r\n/g, '\n').trim();
  return plain(a) === plain(b);
}

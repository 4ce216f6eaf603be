import { OUR_MARK } from '../../events/comment-commands.js';
import { PERMISSIONS } from '../../providers/api.js';
import type { Activities } from '../contract/index.js';
import { notConfigured } from '../failures.js';
import { type AskProvider, cannot } from './ask-provider.js';

type Conversation = Pick<Activities, 'checkPermission' | 'react' | 'writeComment' | 'readPullRequest'>;

/** What goes on around a pull request. */
export function createConversation(ask: AskProvider): Conversation {
  return {
    async checkPermission({ source, repository, login, id, atLeast }) {
      const person = { login, ...(id !== undefined && { id }) };
      const found = await ask({ source, repository }, (api) => api.permissionOf?.(person));
      if (!found) return { allowed: false, because: cannot(source, 'ask who may do what, so nobody may') };
      const allowed = PERMISSIONS.indexOf(found.answer) >= PERMISSIONS.indexOf(atLeast);
      const has = found.answer === 'none' ? 'no access' : `${found.answer} access`;
      return { allowed, because: `"${login}" has ${has} to ${repository}${allowed ? '' : `, and needs ${atLeast}`}` };
    },

    async react({ source, repository, ...to }) {
      await ask({ source, repository }, (api) => api.react?.(to));
    },

    async writeComment({ source, repository, number, body, sticky }) {
      const where = { source, repository };
      // Also what is not sticky is marked as ours: nothing in it is taken for a command.
      const marker = markerOf(sticky ?? 'answer');
      const text = `${body}\n\n${marker}`;
      const known = sticky === undefined ? undefined : await ask(where, (api) => api.findComment?.({ number, marker }));
      const old = known?.answer;
      if (old && same(old.body, text))
        return { written: true, outcome: 'unchanged', ...(old.url !== undefined && { url: old.url }) };
      const written = await ask(where, (api) =>
        old ? api.editComment?.({ number, id: old.id, body: text }) : api.comment?.({ number, body: text }),
      );
      if (!written) return { written: false, because: cannot(source, 'write comments') };
      const { url } = written.answer;
      return { written: true, outcome: old ? 'updated' : 'created', ...(url !== undefined && { url }) };
    },

    async readPullRequest({ source, repository, number }) {
      const found = await ask({ source, repository }, (api) => api.pullRequest?.(number));
      if (!found) throw notConfigured(cannot(source, 'read pull requests'));
      return found.answer;
    },
  };
}

/** Not shown by the provider's page, and found again by it. */
function markerOf(name: string): string {
  return `${OUR_MARK}${name.replace(/[^\w./-]/g, '-')} -->`;
}

/** Providers trim texts and turn line ends. */
function same(a: string, b: string): boolean {
  const plain = (text: string) => text.replace(/\r\n/g, '\n').trim();
  return plain(a) === plain(b);
}

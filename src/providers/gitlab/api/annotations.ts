import { createHash } from 'node:crypto';
import { z } from 'zod';
import { code, plain } from '../../../events/markdown.js';
import { truncate } from '../../../events/truncate.js';
import type { Annotation, RepositoryApi } from '../../api.js';
import { checkedSha } from '../../names.js';
import { userSchema } from '../shapes.js';
import type { GitlabProject } from './project.js';
import { withoutQuickActions } from './quick-actions.js';

/** Each is a comment that people are told of: more than a few, or warnings of each push, would bury what they say. */
const MOST = 20;
/** Comments of a commit that are looked through for our own. */
const MOST_COMMENTS = 500;
/** In characters. */
const MAX_MESSAGE = 1_000;

const commentSchema = z.object({ note: z.string(), author: userSchema.nullish() });

/**
 * Returns the call that shows errors as comments on a commit, which GitLab shows at their lines where the commit has changed
 * these, and below it else. Code quality reports can only be handed over by a job of GitLab's own CI. Source:
 * https://docs.gitlab.com/api/commits/#post-comment-to-commit
 */
export function gitlabAnnotate({ connection, path, web }: GitlabProject): NonNullable<RepositoryApi['annotate']> {
  return async ({ sha, context, annotations }) => {
    const comments = `${path}/repository/commits/${checkedSha(sha)}/comments`;
    const own = (await connection.ownLogin()).toLowerCase();
    const { items } = await connection.list({ path: comments }, commentSchema, {
      what: 'comment',
      most: MOST_COMMENTS,
    });
    const written = items.filter(({ author }) => author?.username?.toLowerCase() === own).map(({ note }) => note);
    const errors = annotations.filter(({ severity }) => severity === 'error');
    for (const annotation of errors.slice(0, MOST)) {
      const marker = markerOf(context, annotation);
      // Also that of an earlier try: who has read it need not read it twice.
      if (written.some((note) => note.includes(marker))) continue;
      const { file, line } = annotation;
      const note = withoutQuickActions(`${textOf(annotation, `${web}/-/blob/${sha}`)}\n\n${marker}`);
      await connection.send({ method: 'POST', path: comments, body: { note, path: file, line, line_type: 'new' } });
    }
  };
}

function textOf({ file, line, severity, title, message }: Annotation, blob: string): string {
  const address = `${blob}/${file.split('/').map(encodeURIComponent).join('/')}#L${line}`.replace(
    /[()]/g,
    (character) => (character === '(' ? '%28' : '%29'),
  );
  const lines = message.split('\n').map((each) => plain(each).trim());
  return `**${severity}** ${plain(title)}\n\n${truncate(lines.join('  \n'), MAX_MESSAGE)}\n\n[${code(`${file}:${line}`)}](${address})`;
}

/** Hidden, and the same for the same problem. */
function markerOf(context: string, { file, line, title, message }: Annotation): string {
  const hash = createHash('sha256').update(JSON.stringify([context, file, line, title, message]));
  return `<!-- hookyard:problem ${hash.digest('hex').slice(0, 24)} -->`;
}

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { code, plain } from '../../../events/markdown.js';
import { truncate } from '../../../events/truncate.js';
import type { Annotation, RepositoryApi } from '../../api.js';
import { checkedSha } from '../../names.js';
import { id } from '../../shapes.js';
import { userSchema } from '../shapes.js';
import type { GitlabProject } from './project.js';
import { withoutQuickActions } from './quick-actions.js';

/** Each is a comment that people are told of: more than a few, or warnings of each push, would bury what they say. */
const MOST = 20;
/** Threads of a commit that are looked through for our own. */
const MOST_THREADS = 500;
/** In characters. */
const MAX_MESSAGE = 1_000;

const noteSchema = z.object({ id, body: z.string(), author: userSchema.nullish() });
const threadSchema = z.object({ id: z.string().regex(/^\w+$/), notes: z.array(noteSchema) });

/**
 * Returns the call that shows errors as comments on a commit, which GitLab shows at their lines where the commit has changed
 * these, and below it else, and deletes our own of problems that are no more. Code quality reports can only be handed over by a job of
 * GitLab's own CI. Sources: https://docs.gitlab.com/api/commits/#post-comment-to-commit,
 * https://docs.gitlab.com/api/discussions/#commits
 */
export function gitlabAnnotate({ connection, path, web }: GitlabProject): NonNullable<RepositoryApi['annotate']> {
  return async ({ sha, context, annotations }) => {
    const commit = `${path}/repository/commits/${checkedSha(sha)}`;
    const own = (await connection.ownLogin()).toLowerCase();
    const { items } = await connection.list({ path: `${commit}/discussions` }, threadSchema, {
      what: 'thread',
      most: MOST_THREADS,
    });
    const written = items
      .flatMap(({ id: thread, notes }) => notes.map((note) => ({ ...note, thread })))
      .filter(({ author }) => author?.username?.toLowerCase() === own);
    const errors = annotations.filter(({ severity }) => severity === 'error').slice(0, MOST);
    const marks = errors.map((annotation) => `${MARK}${markOf(context, annotation)}`);
    for (const [index, annotation] of errors.entries()) {
      const mark = marks[index] ?? '';
      // Also that of an earlier try: who has read it need not read it twice.
      if (written.some(({ body }) => body.includes(mark))) continue;
      const { file, line } = annotation;
      const text = `${textOf(annotation, `${web}/-/blob/${sha}`)}\n\n${mark}${ofContext(context)}`;
      const body = { note: withoutQuickActions(text), path: file, line, line_type: 'new' };
      await connection.send({ method: 'POST', path: `${commit}/comments`, body });
    }
    const isOver = (body: string) => body.includes(ofContext(context)) && !marks.some((mark) => body.includes(mark));
    for (const { thread, id: note } of written.filter(({ body }) => isOver(body)))
      await connection.send({
        method: 'DELETE',
        path: `${commit}/discussions/${thread}/notes/${note}`,
        accept: [404],
      });
  };
}

const MARK = '<!-- hookyard:problem ';

function textOf({ file, line, severity, title, message }: Annotation, blob: string): string {
  const address = `${blob}/${file.split('/').map(encodeURIComponent).join('/')}#L${line}`.replace(
    /[()]/g,
    (character) => (character === '(' ? '%28' : '%29'),
  );
  const lines = message.split('\n').map((each) => plain(each).trim());
  return `**${severity}** ${plain(title)}\n\n${truncate(lines.join('  \n'), MAX_MESSAGE)}\n\n[${code(`${file}:${line}`)}](${address})`;
}

/** The same for the same problem. */
function markOf(context: string, { file, line, title, message }: Annotation): string {
  return hashOf(JSON.stringify([context, file, line, title, message]));
}

/** Follows the mark, and ends the comment that hides it: by which what is over is found. */
function ofContext(context: string): string {
  return ` of ${hashOf(context)} -->`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

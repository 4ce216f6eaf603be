import { code, plain } from '../../events/markdown.js';
import { truncate } from '../../events/truncate.js';
import type { Annotation } from '../../providers/api.js';

/** Problems that are named. */
const MOST = 20;
/** In characters: of one problem. Providers take comments of 32,000 characters and more. */
const MAX = { title: 150, message: 300 } as const;

const MARKS = { error: '❌', warning: '⚠️', notice: 'ℹ️' } as const;

/** Returns the name of the comment that a job keeps on a pull request: no automation's own has such a one. */
export function stickyOf(context: string): string {
  return `.problems/${context}`;
}

/** Returns the Markdown that tells of a job's problems, in which no text of others has a meaning, or that there are none any more. */
export function commentOf({
  sha,
  context,
  title,
  annotations,
}: {
  readonly sha: string;
  readonly context: string;
  readonly title: string;
  readonly annotations: readonly Annotation[];
}): string {
  const at = `at ${code(sha.slice(0, 12))}`;
  if (annotations.length === 0) return `${code(context)}: no problems any more, ${at}`;
  const more = annotations.length - MOST;
  return [
    `${code(context)}: ${plain(title)}, ${at}`,
    '',
    ...annotations.slice(0, MOST).map(lineOf),
    ...(more > 0 ? ['', `and ${more} more`] : []),
  ].join('\n');
}

function lineOf({ severity, file, line, title, message }: Annotation): string {
  const said = plain(truncate(message.trim(), MAX.message));
  return `- ${MARKS[severity]} ${code(`${file}:${line}`)} ${plain(truncate(title, MAX.title))}: ${said}`;
}

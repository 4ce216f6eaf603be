import type { ComponentChildren } from 'preact';
import { useAround } from '../../context.js';

/** Asks an operator to approve or reject what a run waits for, once they have looked at `sha`. */
export function ApprovalForm(props: {
  readonly run: string;
  readonly name?: string;
  readonly sha?: string | undefined;
  readonly children?: ComponentChildren;
}) {
  const { base, visitor } = useAround();
  const { run, name, sha, children } = props;
  if (visitor?.role !== 'operator') return <p>{children}</p>;
  return (
    <form class="approval" method="post" action={`${base}/runs/answer`}>
      <p>{children}</p>
      <input type="hidden" name="run" value={run} />
      {name !== undefined && <input type="hidden" name="name" value={name} />}
      {sha !== undefined && <input type="hidden" name="sha" value={sha} />}
      <label>
        <span>Why not, if you reject it</span>
        {/* Of several lines: in one, Enter would press the first button. */}
        <textarea name="why" rows={2} maxLength={500} autocomplete="off" />
      </label>
      <p class="buttons">
        <button type="submit" name="answer" value="approve" class="main" aria-keyshortcuts="a">
          Approve
        </button>{' '}
        <button type="submit" name="answer" value="reject" class="danger">
          Reject
        </button>
      </p>
    </form>
  );
}

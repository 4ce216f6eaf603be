import type { Shown } from '../view.js';
import { Facts } from './parts/facts.js';
import { Time } from './parts/time.js';

/** What is asked of somebody who follows a link in a message. */
export interface Question {
  readonly name: string;
  readonly automation: string;
  readonly repository: string | undefined;
  readonly sha: string | undefined;
  /** Whose answer it is. */
  readonly person: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** Returns the view that asks somebody for an approval. To look at it answers nothing: that takes a press of a button. */
export function questionView({ name, automation, repository, sha, person, expiresAt }: Question): Shown {
  return {
    title: `Approve ${name}?`,
    body: (
      <div class="card">
        <h1>Approve {name}?</h1>
        <Facts
          facts={[
            ['What', <bdi key="what">{`${automation}${repository === undefined ? '' : ` of ${repository}`}`}</bdi>],
            ['Commit', sha === undefined ? undefined : <code key="sha">{sha}</code>],
            ['Asked', <bdi key="asked">{person}</bdi>],
            ['Until', `${expiresAt.slice(0, 16).replace('T', ' ')} UTC`],
            ['That is', <Time key="until" at={expiresAt} />],
          ]}
        />
        <form method="post">
          <label>
            <span>Why not, if you reject it</span>
            <textarea name="why" rows={3} maxLength={500} />
          </label>
          <p class="buttons">
            <button type="submit" name="answer" value="approve" class="main">
              Approve
            </button>{' '}
            <button type="submit" name="answer" value="reject" class="danger">
              Reject
            </button>
          </p>
        </form>
      </div>
    ),
  };
}

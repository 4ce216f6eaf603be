import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { PATH } from '../lib/path.mjs';
import { payload } from '../lib/push.mjs';

/** How many of each are sent, of GitHub's own examples. */
const WANTED = {
  pull_request: 8,
  issue_comment: 4,
  pull_request_review: 2,
  status: 3,
  release: 1,
  create: 1,
  delete: 1,
  check_run: 4,
  workflow_run: 3,
  issues: 3,
};
const PUSHES = 10;

/** What all examples are about: it stands in the rows that are made of them for the repositories that are made up. */
export const EXAMPLE = { fullName: 'Codertocat/Hello-World', id: '186853002' };

/** Sends pushes that start the automation `ci`, and what else a repository sends, as GitHub does. Resolves to how many there were. */
export async function sendExamples({ port, secret }) {
  const examples = createRequire(import.meta.url)('@octokit/webhooks-examples/api.github.com/index.json');
  const pushes = Array.from({ length: PUSHES }, (_, n) => ['push', payload(n.toString(16).padStart(40, 'a'))]);
  const others = Object.entries(WANTED).flatMap(([name, count]) =>
    examples
      .find((one) => one.name === name)
      .examples.filter(({ repository }) => repository?.full_name === EXAMPLE.fullName)
      .slice(0, count)
      .map((body) => [name, body]),
  );
  const all = [...pushes, ...others];
  for (const [event, body] of all) await send({ port, secret, event, body: JSON.stringify(body) });
  return all.length;
}

async function send({ port, secret, event, body }) {
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/044aadd',
    'x-github-event': event,
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
  const answer = await fetch(`http://127.0.0.1:${port}${PATH}`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`the example of ${event} was answered ${answer.status}: ${await answer.text()}`);
}

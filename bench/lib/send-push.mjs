import { createHmac, randomUUID } from 'node:crypto';
import { PATH } from './path.mjs';
import { payload } from './push.mjs';

/** Sends one push of a commit to a branch as GitHub does. Resolves to when it was sent, Unix ms. `id`: of the delivery. */
export async function sendPush({ port, secret, sha, branch = 'main', id = randomUUID() }) {
  const body = JSON.stringify({ ...payload(sha), ref: `refs/heads/${branch}` });
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/044aadd',
    'x-github-event': 'push',
    'x-github-delivery': id,
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
  const sent = performance.timeOrigin + performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}${PATH}`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`the push was answered ${answer.status}: ${await answer.text()}`);
  return sent;
}

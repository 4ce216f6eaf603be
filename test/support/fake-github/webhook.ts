import { createHmac } from 'node:crypto';

/** Sends a webhook as GitHub does, signed. Returns the status of the answer, 0 if none came. */
export async function sendWebhook(
  url: string,
  { event, body, guid, secret }: { event: string; body: string; guid: string; secret: string },
): Promise<number> {
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/044aadd',
    'x-github-event': event,
    'x-github-delivery': guid,
    'x-hub-signature-256': `sha256=${signature}`,
  };
  return fetch(url, { method: 'POST', body, headers }).then(
    ({ status }) => status,
    () => 0,
  );
}

import { Agent, request } from 'undici';
import type { Attack } from './attack.js';
import type { Scene } from './scene.js';

const REQUESTS = 10_000;
const CONNECTIONS = 32;
const MOST_LINES = 400;

/** Requests that are refused, each for one of several reasons. */
export const refusedRequests: Attack = {
  what: `${REQUESTS.toLocaleString('en')} requests that are refused, by signature, source, token and address`,
  before: 'a log line for each',
  async run(scene) {
    const before = linesOf(scene);
    const agent = new Agent({ connections: CONNECTIONS });
    let next = 0;
    let answered = 0;
    const sender = async () => {
      for (let n = next++; n < REQUESTS; n = next++) {
        const { path, headers } = REFUSED[n % REFUSED.length] ?? { path: '/', headers: {} };
        const url = `${scene.url}${path.replace('{n}', String(n))}`;
        const { statusCode, body } = await request(url, { method: 'POST', headers, body: '{}', dispatcher: agent });
        await body.dump();
        if (statusCode >= 400 && statusCode < 500) answered += 1;
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, sender));
    await agent.close();
    const lines = linesOf(scene) - before;
    const isGood = lines <= MOST_LINES && answered === REQUESTS;
    return { figure: `${answered} refused in ${lines} log lines`, withstood: isGood };
  },
};

const REFUSED: readonly { readonly path: string; readonly headers: Readonly<Record<string, string>> }[] = [
  { path: '/webhooks/github', headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } },
  { path: '/webhooks/github', headers: {} },
  { path: '/webhooks/none-{n}', headers: {} },
  { path: '/webhooks/token', headers: { authorization: 'Bearer guess' } },
  { path: '/webhooks/github', headers: { 'content-encoding': 'gzip' } },
  { path: '/callbacks/guess-{n}', headers: {} },
  { path: '/api/reconcile', headers: { authorization: 'Bearer guess' } },
];

function linesOf({ output }: Scene): number {
  return output().split('\n').length;
}

import { expect, test } from 'vitest';
import { createAsk } from '../../../src/cli/client/ask-api.js';
import { ServerAway, UserError } from '../../../src/cli/user-error.js';
import { type Answer, startServer } from '../../support/harness/http-server.js';

/** What a question ends with that is answered so. */
async function failureOf(answer: Answer): Promise<unknown> {
  const server = await startServer(() => answer);
  try {
    return await createAsk(server.url, 'token')('GET', 'runs').catch((error: unknown) => error);
  } finally {
    await server.close();
  }
}

test.each<[string, Answer]>([
  ['breaks off', 'drop'],
  ['says that Temporal is away', { status: 503, body: { error: 'Temporal is away' } }],
  ['has a proxy say that nothing is behind it', { status: 502, body: '<h1>Bad Gateway</h1>' }],
  ['has a proxy know no way to it', { status: 404, body: '404 page not found' }],
  ['has a proxy say that there were too many requests', { status: 429, body: 'slow down' }],
  ['says itself that there were too many requests', { status: 429, body: { error: 'slow down' } }],
])('a server that %s may be there again later', async (_, answer) => {
  expect(await failureOf(answer)).toBeInstanceOf(ServerAway);
});

test.each<[string, Answer]>([
  ['does not know the token', { status: 401, body: { error: 'no such token' } }],
  ['does not take what was asked', { status: 400, body: { error: 'what?' } }],
  ['has a proxy ask for a sign-in', { status: 401, body: '<h1>Sign in</h1>' }],
  ['is another one', { status: 200, body: '<h1>Welcome</h1>' }],
])('a server that %s says the same when it is asked again', async (_, answer) => {
  const failure = await failureOf(answer);
  expect(failure).toBeInstanceOf(UserError);
  expect(failure).not.toBeInstanceOf(ServerAway);
});

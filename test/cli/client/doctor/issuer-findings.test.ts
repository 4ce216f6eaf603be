import { afterEach, expect, test } from 'vitest';
import { issuerFindings } from '../../../../src/cli/client/doctor/issuer-findings.js';
import { Secret } from '../../../../src/secrets/secret.js';
import { tokenKey } from '../../../../src/secrets/token-key.js';
import { closers } from '../../../support/harness/closers.js';
import { freeAddress } from '../../../support/harness/free-address.js';
import { startServer } from '../../../support/harness/http-server.js';
import { startReceiver } from '../../../support/harness/receiver.js';

const KEY = tokenKey.make();
const { add, close } = closers();
afterEach(close);

const told = (publicUrl: string, key = KEY) =>
  issuerFindings({ server: { publicUrl, idTokens: { keys: [new Secret(key)] } } as never });

async function issuer(): Promise<string> {
  const { url, port } = await freeAddress();
  add(await startReceiver({ port, config: { publicUrl: url, idTokenKeys: [new Secret(KEY)] } }));
  return url;
}

test('nothing is said of ID tokens where none are issued', async () => {
  expect(await issuerFindings({ server: { publicUrl: 'https://hooks.example' } as never })).toEqual([]);
});

test('an issuer that answers with the key of this machine is fine', async () => {
  const url = await issuer();
  expect(await told(url)).toEqual([{ level: 'ok', says: `ID tokens can be verified at ${url}` }]);
});

test('workers with another key than the server publishes are told of', async () => {
  const [finding] = await told(await issuer(), tokenKey.make());
  expect(finding).toMatchObject({
    level: 'problem',
    says: expect.stringContaining('the ID tokens that workers here sign are refused'),
    advice: expect.stringContaining('HOOKYARD_ID_TOKEN_KEY'),
  });
});

test('several servers behind one address that each publish a key of their own are told of', async () => {
  const servers: string[] = [];
  let turn = 0;
  const balancer = add(
    await startServer(async ({ path }) => {
      turn += 1;
      const answer = await fetch(`${servers[turn % 2]}${path}`);
      return { status: answer.status, body: (await answer.json()) as object };
    }),
  );
  const { url } = balancer;
  for (const key of [KEY, tokenKey.make()])
    servers.push(add(await startReceiver({ config: { publicUrl: url, idTokenKeys: [new Secret(key)] } })).url);
  expect(await told(url)).toMatchObject([
    {
      level: 'problem',
      says: expect.stringMatching(/of 8 answers, .*jwks gave 2 different lists of keys/),
      advice: expect.stringContaining('HOOKYARD_ID_TOKEN_KEY'),
    },
  ]);
});

test('an address where nobody answers, something else does, or the issuer has another name, is a problem', async () => {
  const { url: away } = await freeAddress();
  expect(await told(away)).toMatchObject([{ level: 'problem', says: expect.stringContaining('does not answer') }]);
  const other = add(await startServer(() => ({ status: 404, body: { message: 'not here' } })));
  expect(await told(other.url)).toMatchObject([{ level: 'problem', says: expect.stringContaining('answers 404') }]);
  const path = `${await issuer()}/hooks`;
  const root = path.replace('/hooks', '');
  const proxy = add(
    await startServer(async ({ path: asked }) => ({
      status: 200,
      body: (await (await fetch(root + asked.replace('/hooks', ''))).json()) as object,
    })),
  );
  expect(await told(`${proxy.url}/hooks`)).toMatchObject([
    { level: 'problem', says: expect.stringContaining(`is the document of ${root}`) },
  ]);
});

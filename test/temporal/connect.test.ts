import { describe, expect, test } from 'vitest';
import { connectClient, reachFromEnvironment, temporalIsConfigured } from '../../src/temporal/connect.js';
import { freeAddress } from '../support/harness/free-address.js';

test('an address or a profile in the environment means a server that runs already', () => {
  expect(temporalIsConfigured({})).toBe(false);
  expect(temporalIsConfigured({ TEMPORAL_ADDRESS: '' })).toBe(false);
  expect(temporalIsConfigured({ TEMPORAL_ADDRESS: 'temporal:7233' })).toBe(true);
  expect(temporalIsConfigured({ TEMPORAL_PROFILE: 'cloud' })).toBe(true);
});

describe("the SDK's usual variables", () => {
  const address = 'cloud.example:7233';

  test("the SDK's usual variables name the server and the namespace", () => {
    const reach = reachFromEnvironment({ TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'team' });
    expect(reach).toMatchObject({ namespace: 'team', options: { address } });
    expect(reach.options.tls).toBeFalsy();
    expect(reachFromEnvironment({ TEMPORAL_ADDRESS: address }).namespace).toBe('default');
  });

  test('an API key is never sent in the clear, unless that is asked for', () => {
    const env = { TEMPORAL_ADDRESS: address, TEMPORAL_API_KEY: 'k' };
    expect(reachFromEnvironment(env).options).toMatchObject({ apiKey: 'k', tls: true });
    expect(reachFromEnvironment({ ...env, TEMPORAL_TLS: 'false' }).options.tls).toBeFalsy();
  });
});

test('a client of a server that is away is made at once, and fails only when it is asked for something', async () => {
  const { port } = await freeAddress();
  const client = connectClient({ namespace: 'default', options: { address: `127.0.0.1:${port}` } });
  const asked = client.withDeadline(Date.now() + 1_000, () => client.workflow.getHandle('any').describe());
  await expect(asked).rejects.toThrow();
  await client.connection.close();
});

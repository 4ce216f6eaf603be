import { expect, test } from 'vitest';
import { maySpeakFor, whyNotAllowed } from '../../src/intake/bound-source.js';
import { sourceOf } from '../providers/senders.js';
import { deliver as send } from '../support/harness/delivery.js';
import { pushPayload, repository } from '../support/harness/payloads.js';
import { startReceiver } from '../support/harness/receiver.js';
import { genericEvent, pushEvent } from '../triggers/sample-events.js';

test('a source speaks for the repositories it is bound to, and what it says of others is ignored', async () => {
  const sources = { github: { options: { repositories: ['acme/*'] } } };
  const receiver = await startReceiver({ config: { sources } });
  try {
    const own = await send(receiver.url, { body: JSON.stringify(pushPayload()) });
    expect(own.body.runs).toHaveLength(1);
    const foreign = pushPayload({ repository: { ...repository, full_name: 'eve/shop' } });
    const { status, body } = await send(receiver.url, { body: JSON.stringify(foreign) });
    expect(status).toBe(202);
    expect(body).toMatchObject({
      ignored: 'the source may not speak for eve/shop: it is not in its repositories',
      runs: [],
    });
  } finally {
    await receiver.close();
  }
});

test('a source that is bound to nothing speaks for all, and a bound one for what is of no repository', () => {
  const unbound = sourceOf('github');
  const bound = { ...unbound, repositories: ['acme/*'] };
  const [own, none] = [pushEvent(), genericEvent()];
  const foreign = pushEvent({ repository: { ...own.repository, fullName: 'eve/shop' } });
  expect(whyNotAllowed([own, foreign], unbound)).toBeUndefined();
  expect(whyNotAllowed([own, none], bound)).toBeUndefined();
  expect(whyNotAllowed([none, own, foreign], bound)).toBe(
    'the source may not speak for eve/shop: it is not in its repositories',
  );
});

test.each([
  [['Acme/*'], 'acme/shop', true],
  [['acme/shop'], 'ACME/Shop', true],
  [['ACME/[A-M]*'], 'acme/Leaf', true],
  [['ACME/[A-M]*'], 'acme/shop', false],
  [['acme/*', '!acme/Secret'], 'Acme/secret', false],
  [['acme/kiosk'], 'acme/\u212Aiosk', false],
  [['acme/shop'], 'acme/shop2', false],
])('names of repositories are compared in any case of ASCII letters: %j, %s', (repositories, name, may) => {
  for (const kind of ['github', 'gitlab', 'gitea', 'bitbucket-cloud', 'azure-devops'] as const)
    expect(maySpeakFor({ ...sourceOf(kind), repositories } as never, name)).toBe(may);
});

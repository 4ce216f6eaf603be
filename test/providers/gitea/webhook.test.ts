import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { forgejo, gitea, gogs } from '../../../src/providers/gitea/webhook/index.js';
import { Secret } from '../../../src/secrets/secret.js';
import { describeKind } from '../conformance.js';
import { recorded } from '../recorded.js';
import { giteaFixtures as fixtures, gogsFixtures } from './fixtures.js';

const kinds = { gitea: [gitea, 'x-gitea'], forgejo: [forgejo, 'x-forgejo'], gogs: [gogs, 'x-gogs'] } as const;

for (const [name, [make, prefix]] of Object.entries(kinds)) {
  describeKind(name, {
    make: (secrets) => make({ secrets: [...secrets] }),
    sign: (body, { secret, id }) => ({
      [`${prefix}-signature`]: createHmac('sha256', secret).update(body).digest('hex'),
      [`${prefix}-delivery`]: id,
    }),
    credential: `${prefix}-signature`,
    signsBody: true,
    fixtures: name === 'gogs' ? gogsFixtures() : fixtures(prefix),
  });

  test(`${name}: recorded payloads are recognised, and nothing is malformed`, () => {
    const kind = make({ secrets: [] });
    const context = { source: 's', deliveryId: 'd', receivedAt: '2026-11-24T08:00:00.000Z' };
    for (const { file, headers, body } of recorded(name)) {
      const event = headers[`${prefix}-event`] ?? (file.includes('comment') ? 'issue_comment' : 'issues');
      const payload = kind.parse({ headers: { 'content-type': 'application/json' }, body });
      const answer = kind.normalise(payload, event, context);
      const expected = event === 'push' ? 'push' : event === 'release' ? 'release' : undefined;
      if (expected) expect(answer, file).toMatchObject({ event: { kind: expected } });
      else expect('ignored' in answer ? answer.ignored : answer, file).toBeTruthy();
    }
  });
}

test("GitHub's headers, which Gitea sends too, verify nothing", () => {
  const kind = gitea({ secrets: [new Secret('s')] });
  expect(kind.isSigned({ 'x-hub-signature-256': `sha256=${'a'.repeat(64)}`, 'x-gitea-signature': '' })).toBe(false);
});

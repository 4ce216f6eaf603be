import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
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

  test(`${name}: an event whose header is empty is called by its type, and read as no other`, () => {
    const kind = make({ secrets: [] });
    const named = (headers: Record<string, string>) =>
      kind.eventName({ headers, body: Buffer.from('{}'), payload: {} });
    expect(named({ [`${prefix}-event`]: '', [`${prefix}-event-type`]: 'status' })).toBe('status');
    expect(named({ [`${prefix}-event`]: 'issue_comment', [`${prefix}-event-type`]: 'pull_request_comment' })).toBe(
      'issue_comment',
    );
    expect(() => named({ [`${prefix}-event`]: '' })).toThrow(`the header ${prefix}-event is missing`);
    const context = { source: 's', deliveryId: 'd', receivedAt: '2026-11-24T08:00:00.000Z' };
    expect(kind.normalise({}, 'status', context)).toEqual({ ignored: 'no automation can listen to status events' });
  });

  describe(`a form of ${name}`, () => {
    const payload = JSON.stringify({ ref: 'refs/heads/ünï&=+%', title: 'a b' });
    const form = (json: string) => Buffer.from(new URLSearchParams({ payload: json }).toString());
    const kind = make({ secrets: [new Secret('s')] });
    const verifies = (body: Buffer, signed: string, type = 'application/x-www-form-urlencoded') => {
      const signature = createHmac('sha256', 's').update(signed).digest('hex');
      return kind.verify({ headers: { 'content-type': type, [`${prefix}-signature`]: signature }, body }, 0);
    };

    test(`a form of ${name} is verified by the signature of the JSON in it, which is what ${name} signs`, async () => {
      expect(await verifies(form(payload), payload)).toBe(true);
      expect(await verifies(form(payload), payload, 'Application/X-WWW-Form-Urlencoded; charset=utf-8')).toBe(true);
      expect(await verifies(form(payload), form(payload).toString())).toBe(true);
    });

    test(`a form of ${name} of several megabytes is verified, wherever its escapes are cut`, async () => {
      for (const before of ['', 'a', 'aa']) {
        const large = JSON.stringify(before + 'é'.repeat(400_000));
        expect(await verifies(form(large), large)).toBe(true);
      }
    });

    test(`a form of ${name} with other JSON, other fields or a broken escape is not verified`, async () => {
      expect(await verifies(form(payload), `${payload} `)).toBe(false);
      expect(await verifies(form(payload), payload, 'application/json')).toBe(false);
      expect(await verifies(Buffer.concat([form(payload), Buffer.from('&a=b')]), payload)).toBe(false);
      expect(await verifies(Buffer.from('payload=%7'), '{')).toBe(false);
      expect(await verifies(Buffer.from('other=1'), '1')).toBe(false);
    });
  });
}

test("GitHub's headers, which Gitea sends too, verify nothing", () => {
  const kind = gitea({ secrets: [new Secret('s')] });
  expect(kind.isSigned({ 'x-hub-signature-256': `sha256=${'a'.repeat(64)}`, 'x-gitea-signature': '' })).toBe(false);
});

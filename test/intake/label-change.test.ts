import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProviderKind } from '../../src/providers/source.js';
import { pullRequest } from '../../src/triggers/index.js';
import { senderOf } from '../providers/senders.js';
import { SECRET } from '../providers/signing.js';
import type { Answer } from '../support/harness/delivery.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';

const SHA = 'a'.repeat(40);
const KINDS = ['gitea', 'forgejo', 'gitlab'] as const;

let receiver: Receiver;
beforeAll(async () => {
  const of = (kind: ProviderKind) => ({ secrets: [SECRET], options: { kind, ...senderOf(kind).settings } });
  receiver = await startReceiver({
    config: { sources: Object.fromEntries(KINDS.map((kind) => [kind, of(kind)])) },
    automations: () => [
      { name: 'on', on: [pullRequest({ actions: ['labeled'] })], file: 'automations/a.ts' },
      { name: 'off', on: [pullRequest({ actions: ['unlabeled'] })], file: 'automations/a.ts' },
    ],
  });
});
afterAll(() => receiver.close());

/** The automations that a delivery starts. */
async function started(kind: ProviderKind, event: string, payload: object): Promise<string[]> {
  const body = Buffer.from(JSON.stringify(payload));
  const response = await fetch(`${receiver.url}/webhooks/${kind}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...senderOf(kind).headers(body, Date.now(), event) },
    body,
  });
  const { verdicts = [] } = (await response.json()) as Answer;
  return verdicts.filter(({ outcome }) => outcome === 'start').map(({ automation }) => automation);
}

const repository = { id: 31, full_name: 'acme/lamp', html_url: 'https://git.example/acme/lamp', private: true };
const side = (ref: string) => ({ ref, label: ref, sha: SHA, repo: repository });
const named = (labels: readonly string[]) => labels.map((name) => ({ name }));

describe.each(['gitea', 'forgejo'] as const)(
  'labels of a pull request at %s, which tells all that there are',
  (kind) => {
    let number = 0;
    const tell = (action: string, labels: readonly string[], of: number) =>
      started(kind, 'pull_request', {
        action,
        number: of,
        repository,
        pull_request: {
          title: 'Dim the lamp',
          html_url: `https://git.example/acme/lamp/pulls/${of}`,
          state: 'open',
          labels: named(labels),
          base: side('main'),
          head: side('dim'),
        },
      });
    const next = () => {
      number += 1;
      return number;
    };

    it('that are taken off are compared with those that the delivery before told', async () => {
      const of = next();
      await tell('opened', ['bug', 'ci'], of);
      expect(await tell('label_updated', ['bug'], of)).toEqual(['off']);
      expect(await tell('label_updated', ['bug', 'deploy'], of)).toEqual(['on']);
      expect(await tell('label_updated', ['deploy'], of)).toEqual(['off']);
      expect(await tell('label_updated', ['bug'], of)).toEqual(['on']);
      expect(await tell('label_updated', [], of)).toEqual(['off']);
      expect(await tell('label_updated', ['bug'], of)).toEqual(['on']);
      expect(await tell('label_cleared', [], of)).toEqual(['off']);
    });

    it('of another pull request, or of none that is known, say nothing: one was put on, unless none is left', async () => {
      await tell('opened', ['bug', 'ci'], next());
      expect(await tell('label_updated', ['bug'], next())).toEqual(['on']);
      expect(await tell('label_updated', [], next())).toEqual(['off']);
    });
  },
);

describe('labels of a merge request at GitLab, which tells those before', () => {
  const titled = (labels: readonly string[]) => labels.map((title) => ({ title }));
  it.each([
    [['bug', 'ci'], ['bug'], 'off'],
    [['bug'], ['bug', 'ci'], 'on'],
    [['bug'], ['ci'], 'on'],
    [['bug'], [], 'off'],
    [[], ['bug'], 'on'],
  ])('that change from %j to %j', async (previous, current, expected) => {
    const payload = {
      project: { id: 2, path_with_namespace: 'acme/lamp', web_url: 'https://gitlab.example/acme/lamp' },
      labels: titled(current),
      changes: { labels: { previous: titled(previous), current: titled(current) } },
      object_attributes: {
        iid: 7,
        title: 'Dim the lamp',
        state: 'opened',
        source_branch: 'dim',
        target_branch: 'main',
        source_project_id: 2,
        target_project_id: 2,
        url: 'https://gitlab.example/acme/lamp/-/merge_requests/7',
        action: 'update',
        last_commit: { id: SHA },
      },
    };
    expect(await started('gitlab', 'Merge Request Hook', payload)).toEqual([expected]);
  });
});

import { beforeAll, expect, test } from 'vitest';
import { pushPayload, repository } from '../support/harness/payloads.js';
import { openPlace, type Place } from '../support/harness/place.js';

let place: Place;
beforeAll(async () => {
  place = await openPlace({
    sources: "{ github: { kind: 'github', secrets: [env('HOOK_SECRET')], repositories: ['acme/*'] } }",
    automations:
      "import { automation, push } from 'hookyard/workflow';\nexport const own = automation({ on: push() }, async () => {});\n",
  });
});

const explained = async (payload: object) => {
  const file = await place.write('payload.json', JSON.stringify(payload));
  return place.hookyard(['explain', '--file', file, '--event', 'push']);
};

test('explain --file says that a push of a repository of the source would start an automation', async () => {
  const { code, out } = await explained(pushPayload());
  expect(code).toBe(0);
  expect(out).toMatch(/would start {2}own/);
});

test('explain --file says that a repository is ignored that the source may not speak for', async () => {
  const { code, out } = await explained(pushPayload({ repository: { ...repository, full_name: 'eve/shop' } }));
  expect(code).toBe(0);
  expect(out).toContain('Ignored   the source may not speak for eve/shop: it is not in its repositories');
  expect(out).not.toContain('would start');
});

import { expect, test } from 'vitest';
import { matchAutomations } from '../../../src/intake/match-automations.js';
import { startOf } from '../../../src/triggers/verdict.js';
import { aDelivery } from '../../store/a-delivery.js';
import { unique } from '../../support/temporal.js';
import { pullRequestEvent } from '../../triggers/sample-events.js';
import { client, installation, noted, PATIENTLY, sha, stateOf, statuses, useGated } from '../gated.js';

useGated('test/workflows/run/untold-authors');

const inAcme = (change: object, pullRequest: object = {}) => {
  const event = pullRequestEvent({ commit: { sha, message: 'Sell more' }, ...change }, pullRequest as never);
  return { ...event, repository: { ...event.repository, fullName: 'acme/app' } };
};

/** Has an automation run for a pull request whose author is not told, as its verdict says, and returns what it came to. */
async function run(automation: string, { number = 7, deliveryId = unique('d'), canAsk = true } = {}) {
  const { automations, taskQueue } = { ...installation, ...installation.catalog };
  const event = inAcme({ action: 'synchronize', deliveryId }, { number, author: undefined });
  const verdicts = await matchAutomations([event], { key: deliveryId, automations, canAsk });
  const verdict = verdicts.find((one) => one.automation === automation);
  if (verdict?.outcome !== 'start') throw new Error(`it does not start: ${verdict?.because}`);
  expect(verdict.because).toMatch(/; the provider is asked who its author is before it begins$/);
  const { workflowId, how } = startOf(verdict);
  return client.workflow.execute(automation, { workflowId, taskQueue, args: [event, how] });
}

test('an automation for an author runs where the provider says that it is they, and nobody has to approve it', async () => {
  const deliveryId = unique('d');
  expect(await run('ofAda', { deliveryId })).toMatchObject({ outcome: 'passed' });
  expect((await noted(deliveryId))?.data).toEqual({ author: 'ada' });
});

test('an automation for another author does nothing, and its required checks are reported as skipped', async () => {
  const because = 'author "ada" is not in authors ["renovate"]';
  expect(await run('ofBots')).toMatchObject({ outcome: 'skipped', filtered: true, because });
  await expect.poll(stateOf('hookyard/ofBots/b'), PATIENTLY).toBe('success');
});

test('what the trigger of another author lets in is not let in for this one', async () => {
  const because = 'none of the 1 changed files is in paths ["docs/**"]';
  expect(await run('ofBoth')).toMatchObject({ outcome: 'skipped', filtered: true, because });
});

test('what the trigger of its author lets in is let in though the paths of one for everybody refuse it', async () => {
  expect(await run('ofAllOrAda')).toMatchObject({ outcome: 'passed' });
  const because = 'none of the 1 changed files is in paths ["docs/**"]';
  expect(await run('ofAllOrBots')).toMatchObject({ outcome: 'skipped', filtered: true, because });
});

test('an automation for an author does nothing where the provider does not say who that is, and its checks stay as they are', async () => {
  const because = expect.stringMatching(/^its author is not known, so it is not in authors \["ada"\] \(.*404/);
  expect(await run('ofAda', { number: 9 })).toMatchObject({ outcome: 'skipped', filtered: false, because });
  expect(statuses()).toEqual([]);
});

test('an automation for an author does not start where nobody can be asked who that is', async () => {
  const because = 'its author is not known, so it is not in authors ["ada"]';
  await expect(run('ofAda', { canAsk: false })).rejects.toThrow(`it does not start: ${because}`);
});

test('a run that waits for what is of an author gets it once the provider has said that it is, and no approval is waited for', async () => {
  const { taskQueue, store } = { ...installation, ...installation.catalog };
  const deliveryId = unique('d');
  const workflowId = unique('awaits');
  const begun = inAcme({ action: 'opened', deliveryId });
  await client.workflow.start('awaitsAda', { workflowId, taskQueue, args: [begun] });
  await expect.poll(() => store.waits.list({ limit: 10, workflowId }), PATIENTLY).toHaveLength(1);
  const closed = inAcme({ action: 'closed', deliveryId: unique('d') }, { author: undefined, state: 'closed' });
  await store.inbox.accept(aDelivery(unique('key'), { source: closed.source, events: [closed], verdicts: [] }));
  expect(await client.workflow.getHandle(workflowId).result()).toMatchObject({ outcome: 'passed' });
  expect((await noted(deliveryId))?.data).toEqual({ author: 'ada' });
});

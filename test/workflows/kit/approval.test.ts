import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { ANSWER_SIGNAL } from '../../../src/runs/approval.js';
import { openApprovalOf } from '../../../src/runs/approval-records.js';
import { changes } from '../../support/harness/changes.js';
import { row } from '../../support/harness/rows.js';
import { pushEvent } from '../../triggers/sample-events.js';
import {
  api,
  client,
  head,
  hub,
  installation,
  lastComment,
  noted,
  PATIENTLY,
  pull,
  push,
  pushNewerCommit,
  resultOf,
  runOf,
  say,
  sha,
  slack,
  started,
  stateOf,
  statuses,
  useGated,
} from '../gated.js';

useGated('test/workflows/kit/approving');

beforeEach(() => {
  // Ada opens the pull requests of these tests, and pushes.
  Object.assign(hub.ids, { ada: 7, bea: 8, cleo: 9, eve: 10 });
  Object.assign(hub.permissions, { bea: 'write', cleo: 'write', eve: 'read' });
  hub.teams['acme/ops'] = ['bea', 'eve'];
});

/** Waits until a run waits for an approval, and people can answer it. */
const asks = async (run: string, name = 'production', nth = 1) => {
  await started(run);
  const waits = () => shown(run).then((all) => all.filter((one) => one.name === name && one.state === 'open').length);
  await expect.poll(waits, PATIENTLY).toBe(1);
  const steps = async () =>
    (await installation.store.records.get('hookyard.open-approvals', `${run} ${name} ${nth}`))?.data;
  await expect.poll(steps, PATIENTLY).toMatchObject({ run, name, nth });
};
/** Returns the approvals of a run as the API shows them. */
const shown = async (run: string) => {
  const answer = await fetch(`${installation.address.url}/api/runs?id=${encodeURIComponent(run)}`, {
    headers: { authorization: 'Bearer api token' },
  });
  return ((await answer.json()) as { approvals?: { name: string; state: string }[] }).approvals ?? [];
};
const done = (answer: Awaited<ReturnType<typeof say>>) => resultOf(runOf(answer, 'hookyardCommands'));
const repliesSince = (count: number) => hub.comments.slice(count).map(({ body }) => body);
const operator = (run: string, { to = 'approve', ...body }: Record<string, string> = {}) =>
  api(`runs/${to}?id=${encodeURIComponent(run)}`, body);
/** Signals an answer to a run, as whoever reaches Temporal could. */
const forge = (run: string, change: object) =>
  client.workflow.getHandle(run).signal(ANSWER_SIGNAL, {
    ...{ id: randomUUID(), nth: 1, approves: true, how: 'comment', at: new Date().toISOString(), sha },
    ...{ name: 'production', person: { login: 'cleo', id: '9' }, ...change },
  });
const stateOfRun = async (run: string) => (await client.workflow.getHandle(run).describe()).status.name;
const waitingFor = async (run: string) =>
  (await client.workflow.getHandle(run).describe()).searchAttributes.HookyardWaiting?.[0];

test('a pull request waits for somebody who may write and is not its author; who approved which commit, when and how is kept', async () => {
  const answer = await pull();
  const run = runOf(answer, 'release');
  await asks(run);
  await expect.poll(stateOf('hookyard/release/approve/production'), PATIENTLY).toBe('pending');
  expect(statuses()[0]?.description).toBe('waits for anybody with write access: /approve production');
  expect(await waitingFor(run)).toBe('approval');

  const before = hub.comments.length;
  await done(await say('/approve production', 'ada'));
  await done(await say('/approve production', 'Ada'));
  const strange = await say('/approve production', 'eve');
  expect(await done(strange)).toMatchObject({ outcome: 'skipped' });
  expect(hub.reactions.at(-1)).toEqual({ comment: String(lastComment), content: '-1' });
  expect(repliesSince(before)).toEqual([
    expect.stringContaining('somebody else has to approve it'),
    expect.stringContaining('somebody else has to approve it'),
  ]);
  expect(await stateOfRun(run)).toBe('RUNNING');

  await done(await say('/approve production', 'bea'));
  await resultOf(run);
  const given = { login: 'bea', how: 'comment', sha, at: expect.stringMatching(/^\d{4}-.*Z$/) };
  expect((await noted(`release ${answer.delivery}`))?.data).toEqual({ state: 'approved', approved: true, by: [given] });
  expect(await shown(run)).toMatchObject([{ name: 'production', state: 'approved', given: [given], sha }]);
  await expect.poll(stateOf('hookyard/release/approve/production'), PATIENTLY).toBe('success');
  expect(await waitingFor(run)).toBe('nothing');
});

test('a rejection with its reason is a value, and nothing of the reason becomes markup or a second line', async () => {
  const answer = await pull();
  const run = runOf(answer, 'release');
  await asks(run);
  await done(await say(`/reject production not <b>today</b> [x](http://evil) ${'long '.repeat(300)}`, 'bea'));
  await resultOf(run);
  const { data } = (await noted(`release ${answer.delivery}`)) ?? {};
  expect(data).toMatchObject({
    state: 'rejected',
    approved: false,
    by: [],
    rejectedBy: { login: 'bea', how: 'comment' },
  });
  expect((data as { why: string }).why).toMatch(/^not today x (long ){50,99}long$/);
  await expect.poll(stateOf('hookyard/release/approve/production'), PATIENTLY).toBe('failure');
  expect(statuses()[0]?.description).toMatch(/^rejected by bea: not today x long/);
});

test.each([
  ['/reject release is red', 'is red'],
  ['/reject production queued behind a fix', 'queued behind a fix'],
  ['/reject queued behind a fix', 'queued behind a fix'],
])('the reason of %j may begin like the name of an automation', async (command, why) => {
  const answer = await pull();
  const run = runOf(answer, 'release');
  await asks(run);
  await done(await say(command, 'bea'));
  await resultOf(run);
  expect((await noted(`release ${answer.delivery}`))?.data).toMatchObject({ state: 'rejected', why });
});

test('an answer is for what was there when it was written: not for what is named no more, nor for a commit that came just before', async () => {
  const answer = await pull();
  const run = runOf(answer, 'release');
  await asks(run);
  const before = hub.comments.length;
  await done(await say('/approve production', 'bea', new Date()));
  await done(await say(`/approve production ${'f'.repeat(40)}`, 'bea'));
  await done(await say('/approve staging', 'bea'));
  expect(repliesSince(before)).toEqual([
    expect.stringContaining('came just before or after this was written'),
    expect.stringContaining('no run waits for approval of this commit'),
    expect.stringContaining('neither an automation nor a commit'),
  ]);
  // What reaches the run all the same does not count either.
  await forge(run, { sha: 'f'.repeat(40) });
  await forge(run, { name: 'other' });
  await forge(run, { nth: 2 });
  await forge(run, { person: { login: 'eve', id: '10' } });
  await done(await say(`/approve ${sha} release production`, 'bea', new Date(Date.now() + 1_000)));
  await resultOf(run);
  expect((await noted(`release ${answer.delivery}`))?.data).toMatchObject({
    state: 'approved',
    by: [{ login: 'bea' }],
  });
});

describe('a new push', () => {
  test('ends the wait for the older commit of a pull request, whatever becomes of the newer one', async () => {
    const answer = await pull();
    await asks(runOf(answer, 'release'));
    const old = sha;
    pushNewerCommit();
    const newer = await pull({ action: 'synchronize' });
    await resultOf(runOf(answer, 'release'));
    expect((await noted(`release ${answer.delivery}`))?.data).toMatchObject({
      state: 'outdated',
      because: expect.stringContaining(sha.slice(0, 12)),
    });
    const said = () => hub.statuses.filter((status) => status.sha === old).at(-1);
    await expect
      .poll(said, PATIENTLY)
      .toMatchObject({ state: 'error', description: expect.stringMatching(/^outdated/) });
    await asks(runOf(newer, 'release'));
    await client.workflow.getHandle(runOf(newer, 'release')).cancel();
  });

  test('to the branch ends it too, and one that had come before the wait began', async () => {
    const branch = `released/${sha}`;
    const answer = await push(branch);
    await asks(runOf(answer, 'release'));
    pushNewerCommit();
    const newer = await push(branch);
    await resultOf(runOf(answer, 'release'));
    expect((await noted(`release ${answer.delivery}`))?.data).toMatchObject({ state: 'outdated' });
    await asks(runOf(newer, 'release'));
    await client.workflow.getHandle(runOf(newer, 'release')).cancel();
  });

  test('ends it that was received before a look at what has come in, and stored after it, though nobody told the run', async () => {
    const answer = await push(`released/${sha}`);
    const run = runOf(answer, 'release');
    await asks(run);
    const looks = async () => {
      const { events } = await client.workflow.getHandle(run).fetchHistory();
      return (events ?? []).filter(
        ({ activityTaskScheduledEventAttributes: task }) => task?.activityType?.name === 'lookAtApproval',
      ).length;
    };
    await expect.poll(looks, { timeout: 30_000, interval: 500 }).toBe(1);
    const kept = await installation.store.records.get('hookyard.open-approvals', `${run} production 1`);
    const open = kept && openApprovalOf(kept);
    const { source = '', branch = '', since = 0 } = open ?? {};
    const event = pushEvent({ source, branch });
    const late = {
      ...event,
      repository: { ...event.repository, id: '1' },
      commit: { ...event.commit, sha: 'e'.repeat(40) },
    };
    await installation.store.inbox.accept({ ...row([], late), source, receivedAt: since + 1 });
    await operator(run, { by: 'olga' });
    await resultOf(run);
    expect((await noted(`release ${answer.delivery}`))?.data).toMatchObject({
      state: 'outdated',
      because: 'eeeeeeeeeeee was pushed',
    });
  });

  test('ends it while the provider is away that is to say whether an answer counts', async () => {
    const branch = `released/${sha}`;
    const answer = await push(branch);
    const run = runOf(answer, 'release');
    await asks(run);
    hub.away = true;
    await forge(run, {});
    const isAsked = async () => {
      const { raw } = await client.workflow.getHandle(run).describe();
      return raw.pendingActivities?.some(({ activityType }) => activityType?.name === 'mayApprove');
    };
    await expect.poll(isAsked, PATIENTLY).toBe(true);
    pushNewerCommit();
    const newer = await push(branch);
    await expect.poll(async () => (await shown(run))[0]?.state, PATIENTLY).toBe('outdated');
    hub.away = false;
    await resultOf(run);
    await asks(runOf(newer, 'release'));
    await client.workflow.getHandle(runOf(newer, 'release')).cancel();
  });

  test('a closed pull request ends it', async () => {
    const answer = await pull();
    await asks(runOf(answer, 'release'));
    await pull({ action: 'closed' });
    await resultOf(runOf(answer, 'release'));
    expect((await noted(`release ${answer.delivery}`))?.data).toMatchObject({
      state: 'outdated',
      because: 'the pull request was closed',
    });
  });
});

test('a push to a branch that the run has looked up ends the wait too', async () => {
  const answer = await push(`looks/${sha}`);
  const run = runOf(answer, 'lookedUp');
  await asks(run, 'head');
  expect(await shown(run)).toMatchObject([{ sha: head }]);
  await push('elsewhere');
  expect(await stateOfRun(run)).toBe('RUNNING');
  await push('main');
  await resultOf(run);
  expect((await noted(`lookedUp ${answer.delivery}`))?.data).toMatchObject({
    state: 'outdated',
    because: `${sha.slice(0, 12)} was pushed`,
  });
});

test('nobody approves where nobody can tell who the author is', async () => {
  const refused = `/repos/acme/app/pulls/7`;
  hub.forbidden.add(refused);
  const answer = await say('/ship', 'bea');
  const error = await resultOf(runOf(answer, 'commented')).catch((failed: Error) => failed);
  hub.forbidden.delete(refused);
  expect(error).toMatchObject({
    cause: { message: expect.stringMatching(/^approval\(\): the author and the head of acme\/app#7 can't be told/) },
  });
});

describe('an operator', () => {
  test('answers while the provider is away that is to say whether an earlier answer counts', async () => {
    const answer = await push(`released/${sha}`);
    const run = runOf(answer, 'release');
    await asks(run);
    hub.away = true;
    await forge(run, {});
    const isAsked = async () => {
      const { raw } = await client.workflow.getHandle(run).describe();
      return raw.pendingActivities?.some(({ activityType }) => activityType?.name === 'mayApprove');
    };
    await expect.poll(isAsked, PATIENTLY).toBe(true);
    expect(await operator(run, { by: 'olga' })).toMatchObject({ status: 200 });
    await expect
      .poll(async () => (await noted(`release ${answer.delivery}`))?.data, PATIENTLY)
      .toMatchObject({ state: 'approved', by: [{ login: 'olga', how: 'operator' }] });
    hub.away = false;
    await resultOf(run);
  });

  test('answers by the API, for one run, one approval and one commit, and is kept as one', async () => {
    const answer = await push(`released/${sha}`);
    const run = runOf(answer, 'release');
    await asks(run);
    expect(await operator(run, { name: 'staging' })).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('production') },
    });
    expect(await api(`runs/approve?id=${encodeURIComponent(run)}&sha=${'f'.repeat(12)}`)).toMatchObject({
      status: 409,
    });
    expect(await operator(run, { by: 'x'.repeat(101) })).toMatchObject({ status: 400 });
    expect(await operator(run, { by: 'olga', why: 'not on a Friday' })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('nothing was approved') },
    });
    expect(await operator('nowhere')).toMatchObject({ status: 404 });
    // Whoever calls themselves as the author does is taken at their word.
    expect(await operator(run, { by: 'ADA' })).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('somebody else has to approve it') },
    });
    expect(await operator(run, { by: 'olga', name: 'production' })).toEqual({
      status: 200,
      body: { run, approved: sha, name: 'production' },
    });
    await resultOf(run);
    expect((await noted(`release ${answer.delivery}`))?.data).toMatchObject({
      by: [{ login: 'olga', how: 'operator', sha }],
    });
    expect(await operator(run)).toMatchObject({ status: 409 });
  });

  test('rejects by the API', async () => {
    const answer = await push(`released/${sha}`);
    await asks(runOf(answer, 'release'));
    expect(await operator(runOf(answer, 'release'), { to: 'reject', by: 'olga', why: 'frozen' })).toMatchObject({
      status: 200,
    });
    await resultOf(runOf(answer, 'release'));
    expect((await noted(`release ${answer.delivery}`))?.data).toMatchObject({ state: 'rejected', why: 'frozen' });
  });
});

describe('a link in a message', () => {
  /** Returns the links that were sent for a branch's push: for ada, and for bea. */
  const sent = async (message: string) => {
    const texts = () => slack.received.map(({ body }) => (body as { text: string }).text);
    await expect.poll(() => texts().some((text) => text.includes(message)), PATIENTLY).toBe(true);
    const text = texts().findLast((one) => one.includes(message)) ?? '';
    return { text, links: text.match(/http:\/\/\S+\/approvals\/\S+/g) ?? [] };
  };
  const press = (link: string, answer: string, why = '') =>
    fetch(link, { method: 'POST', body: new URLSearchParams({ answer, why }) });

  test('carries one answer of one person, once; who looks at it answers nothing; no history holds it', async () => {
    const message = `Sell ${sha}`;
    const answer = await push(`guarded/${sha}`, { login: 'cleo', message });
    const run = runOf(answer, 'guarded');
    await asks(run, 'guarded');
    const { text, links } = await sent(message);
    expect(text).toMatch(/^Ada or a member of acme\/ops: /);
    const [forAda = '', forBea = ''] = links;
    for (const method of ['GET', 'HEAD', 'GET']) expect((await fetch(forAda, { method })).status).toBe(200);
    const page = await (await fetch(forAda)).text();
    expect(page).toContain('Approve guarded?');
    expect(page).toContain(sha);
    expect((await fetch(`${forAda}x`)).status).toBe(404);
    expect(await operator(run)).toMatchObject({ status: 409 });
    await forge(run, { name: 'guarded', person: { login: 'olga' }, how: 'operator' });
    expect((await press(forAda, 'approve')).status).toBe(200);
    expect((await press(forAda, 'approve')).status).toBe(409);
    expect((await press(forAda, 'reject')).status).toBe(409);
    await expect.poll(() => statuses()[0]?.description, PATIENTLY).toContain('(1 of 2)');
    // Ada once more, by other ways and in another spelling: one person still.
    await forge(run, { name: 'guarded', person: { login: 'ADA', id: '7' } });
    await expect
      .poll(async () => (await noted(`guarded ${answer.delivery} by id`))?.data, PATIENTLY)
      .toMatchObject({ byId: expect.stringContaining('teams and permissions go by logins') });
    expect(await shown(run)).toMatchObject([{ state: 'open', given: [{ login: 'ada' }] }]);
    const history = JSON.stringify(await client.workflow.getHandle(run).fetchHistory());
    for (const link of links) expect(history).not.toContain(link.split('/').at(-1));
    expect((await press(forBea, 'approve')).status).toBe(200);
    await resultOf(run);
    expect((await noted(`guarded ${answer.delivery}`))?.data).toMatchObject({
      state: 'approved',
      by: [
        { login: 'ada', how: 'link' },
        { login: 'bea', how: 'link' },
      ],
    });
    expect((await fetch(forBea)).status).toBe(410);
  });
});

test('two approvals of one name are two: what was said of the first does not count for the second, which expires', async () => {
  const answer = await push(`twice/${sha}`);
  const run = runOf(answer, 'twice');
  await asks(run, 'step');
  await operator(run, { by: 'olga' });
  await resultOf(run);
  expect((await noted(`twice ${answer.delivery}`))?.data).toEqual(['approved', 'expired']);
  expect(await shown(run)).toMatchObject([{ state: 'approved' }, { state: 'expired' }]);
});

test('a run that is cancelled waits no more: its status ends, and nobody can approve it', async () => {
  const answer = await push(`released/${sha}`);
  const run = runOf(answer, 'release');
  await asks(run);
  await client.workflow.getHandle(run).cancel();
  await expect(resultOf(run)).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  await expect.poll(stateOf('hookyard/release/approve/production'), PATIENTLY).toBe('error');
  expect(await operator(run)).toMatchObject({ status: 409 });
  expect(await shown(run)).toMatchObject([{ state: 'withdrawn' }]);
});

/** Returns how the run of an answer stands in its lane. */
const inLane = async (answer: Parameters<typeof runOf>[0], automation = 'queued') => {
  const lanes = await installation.store.lanes.list({ limit: 20 });
  const run = runOf(answer, automation);
  return lanes.flatMap(({ entries }) => entries).find(({ workflowId }) => workflowId === run)?.state;
};

/** Waits until both approvals of `parallel` give up the slot: one that is late would give up what was taken again. */
const bothWait = async () => {
  for (const name of ['eu', 'us'])
    await expect.poll(stateOf(`hookyard/parallel/approve/${name}`), PATIENTLY).toBe('pending');
};

test('of two approvals at once, the first that ends takes the slot again for what comes after it', async () => {
  const answer = await push('parallel/x');
  const run = runOf(answer, 'parallel');
  await asks(run, 'eu');
  await asks(run, 'us');
  await bothWait();
  await expect.poll(() => inLane(answer, 'parallel'), PATIENTLY).toBe('aside');
  await operator(run, { name: 'eu' });
  await expect.poll(() => noted(`parallel ${answer.delivery} eu`), PATIENTLY).toBeDefined();
  expect(await inLane(answer, 'parallel')).toBe('runs');
  // What it waits for still is told, and not that it waits for nothing.
  expect(await waitingFor(run)).toBe('approval');
  await operator(run, { name: 'us' });
  await resultOf(run);
});

test('an approval that fails takes the slot again: what its automation does then has it', async () => {
  const answer = await push('parallel/y');
  const run = runOf(answer, 'parallel');
  await asks(run, 'us');
  await bothWait();
  await expect.poll(() => inLane(answer, 'parallel'), PATIENTLY).toBe('aside');
  await forge(run, { name: 'us', person: null });
  await expect.poll(() => noted(`parallel ${answer.delivery} us`), PATIENTLY).toBeDefined();
  expect(await inLane(answer, 'parallel')).toBe('runs');
  await client.workflow.getHandle(run).cancel();
});

test('a run that waits for people gives up its slot, and takes it again in its turn', async () => {
  const asking = await push('queued/x', { message: 'asks' });
  await asks(runOf(asking, 'queued'), 'queued');
  await expect.poll(() => inLane(asking), PATIENTLY).toBe('aside');
  pushNewerCommit();
  const next = await push('queued/y', { message: 'holds' });
  await asks(runOf(next, 'queued'), 'held');
  // A part that is protected keeps the slot: the first is approved, and waits for its turn.
  expect(await inLane(next)).toBe('runs');
  await operator(runOf(asking, 'queued'));
  await expect.poll(() => inLane(asking), PATIENTLY).toBe('waits');
  await expect.poll(() => waitingFor(runOf(asking, 'queued')), PATIENTLY).toBe('lane');
  expect(await noted(`queued ${asking.delivery} went on`)).toBeUndefined();
  await operator(runOf(next, 'queued'));
  await resultOf(runOf(next, 'queued'));
  await resultOf(runOf(asking, 'queued'));
  expect(await noted(`queued ${asking.delivery} went on`)).toBeDefined();
});

test('a run that was approved says on its commit how it waits for its turn, under each approval, until it goes on', async () => {
  const asking = await push('queued/x', { message: 'asks twice' });
  const [run, commit] = [runOf(asking, 'queued'), sha];
  for (const name of ['queued', 'second']) await asks(run, name);
  await expect.poll(() => inLane(asking), PATIENTLY).toBe('aside');
  pushNewerCommit();
  const next = runOf(await push('queued/y', { message: 'holds' }), 'queued');
  await asks(next, 'held');
  const said = (name: string) =>
    changes(
      statuses(commit)
        .filter(({ context }) => context === `hookyard/queued/approve/${name}`)
        .map(({ state, description }) => `${state} ${description}`)
        .reverse(),
    );
  const asked = 'pending waits for anybody with write access: hookyard approve';
  const waits = expect.stringContaining(`pending queued: 1st, after run ${next} of queued`);
  for (const name of ['queued', 'second']) {
    await operator(run, { name, by: 'bea' });
    await expect.poll(() => said(name), PATIENTLY).toEqual([asked, waits]);
    await expect.poll(() => waitingFor(run), PATIENTLY).toBe('lane');
  }
  await operator(next);
  await resultOf(run);
  for (const name of ['queued', 'second'])
    await expect.poll(() => said(name), PATIENTLY).toEqual([asked, waits, 'success approved by the operator bea']);
});

test('a run that was cancelled while it waits for its turn after an approval leaves no status pending', async () => {
  const asking = await push('queued/x', { message: 'asks' });
  const [run, commit] = [runOf(asking, 'queued'), sha];
  await asks(run, 'queued');
  await expect.poll(() => inLane(asking), PATIENTLY).toBe('aside');
  pushNewerCommit();
  const next = runOf(await push('queued/y', { message: 'holds' }), 'queued');
  await asks(next, 'held');
  await operator(run);
  const status = () => statuses(commit).find(({ context }) => context === 'hookyard/queued/approve/queued');
  await expect.poll(() => status()?.description, PATIENTLY).toMatch(/^queued: 1st, /);
  await client.workflow.getHandle(run).cancel();
  await expect.poll(() => status()?.state, PATIENTLY).toBe('success');
  await operator(next);
  await resultOf(next);
});

/** Returns whether a run has given up its slot. */
const hasGivenUp = async (run: string) => {
  const { events } = await client.workflow.getHandle(run).fetchHistory();
  const marks = events?.flatMap(({ markerRecordedEventAttributes: mark }) => mark?.details?.data?.payloads ?? []);
  return marks?.some(({ data }) => Buffer.from(data ?? []).includes('stepAside'));
};

test('a run keeps its slot while it waits for people, as long as a child of it works that has none of it', async () => {
  const run = runOf(await push('with-child/x'), 'withChild');
  await asks(run, 'withChild');
  await operator(run);
  await resultOf(run);
  expect(await hasGivenUp(run)).toBe(false);
  const alone = runOf(await push('queued/alone', { message: 'asks' }), 'queued');
  await asks(alone, 'queued');
  await operator(alone);
  await resultOf(alone);
  expect(await hasGivenUp(alone)).toBe(true);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { MERGE_GROUP_ACTIONS, PULL_REQUEST_ACTIONS } from '../../src/events/event.js';
import {
  comment,
  deployment,
  generic,
  mergeGroup,
  pullRequest,
  push,
  release,
  review,
  status,
  tag,
} from '../../src/triggers/index.js';
import type { Trigger } from '../../src/triggers/trigger.js';
import { randomFrom } from '../fuzz/mutate.js';
import { type Form, formsOf, valueAt, withForm } from '../providers/field-forms.js';
import { type Path, type Seed, seedsOf, sentAs } from '../providers/properties-seeds.js';
import { kinds, senderOf } from '../providers/senders.js';
import { SECRET } from '../providers/signing.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';

type Kind = (typeof kinds)[number];

const COUNT = 2_000;
/** When {@link sentAs} signs. */
const NOW = Date.parse('2026-11-24T08:00:00Z');
const main = ['main', 'master'];
const TRIGGERS: Readonly<Record<string, Trigger>> = {
  pushes: push(),
  main: push({ branches: main }),
  tags: tag(),
  pulls: pullRequest(),
  pullsOfMain: pullRequest({ branches: main }),
  ...Object.fromEntries(PULL_REQUEST_ACTIONS.map((action) => [action, pullRequest({ actions: [action] })])),
  groupsOfMain: mergeGroup({ branches: main }),
  ...Object.fromEntries(MERGE_GROUP_ACTIONS.map((action) => [action, mergeGroup({ actions: [action] })])),
  comments: comment(),
  commands: comment({ commands: ['deploy', 'retest', 'test'] }),
  reviews: review(),
  approvals: review({ actions: ['approved'] }),
  releases: release(),
  deployments: deployment(),
  failures: status({ states: ['failure'] }),
  successOfMain: status({ states: ['success'], branches: main }),
  payments: generic({ types: ['payment_intent.*'] }),
};
const automations = Object.entries(TRIGGERS).map(([name, on]) => ({ name, on: [on], file: `${name}.ts` }));

/** Fields by which alone a provider tells what happened: without them a body tells of something else, as it should. */
const TELLING: Readonly<Partial<Record<Kind, RegExp>>> = {
  github: /^(?:action|workflow_run)$/,
  gitlab: /^(?:changes(?:\..*)?|object_attributes\.oldrev)$/,
  'bitbucket-data-center': /^(?:previousDraft|pullRequest\.draft|addedReviewers)$/,
  'azure-devops':
    /^(?:message(?:\.text)?|resource\.(?:forkSource|status|comment\.(?:isDeleted|publishedDate|lastContentUpdatedDate)))$/,
};

/** A body of which one field is absent, null or of another form, and the one that it was made of. */
interface Variant {
  readonly kind: Kind;
  readonly seed: Seed;
  readonly path: Path;
  readonly form: Form;
}

/** In turns of every kind and event, so that one with many examples does not crowd out the others. */
function variants(count: number): readonly Variant[] {
  const random = randomFrom(20_261_126);
  const groups = new Map<string, Variant[]>();
  for (const kind of kinds)
    for (const seed of seedsOf(kind))
      for (const path of seed.read) {
        if (TELLING[kind]?.test(path.join('.'))) continue;
        const group = `${kind} ${seed.event}`;
        const made = formsOf(valueAt(seed.body, path)).map((form) => ({ kind, seed, path, form }));
        groups.set(group, [...(groups.get(group) ?? []), ...made]);
      }
  const all: Variant[] = [];
  while (all.length < count)
    for (const group of groups.values()) {
      const [taken] = group.splice(Math.floor(random() * group.length), 1);
      if (taken && all.length < count) all.push(taken);
    }
  return all;
}

let receiver: Receiver;
beforeAll(async () => {
  const sources = Object.fromEntries(
    kinds.map((kind) => [kind, { secrets: [SECRET], options: { kind, ...senderOf(kind).settings } }]),
  );
  receiver = await startReceiver({
    config: { sources, repeatedBodyHours: 0 },
    automations: () => automations,
    now: () => NOW,
  });
});
afterAll(() => receiver.close());

let sent = 0;
/** Of the kinds whose ids stand in the body: each delivery is another one, and no repeat. */
function another(kind: Kind, body: unknown): unknown {
  sent += 1;
  if (kind === 'azure-devops') return { ...(body as object), notificationId: sent };
  // Without an id, the same bytes signed at the same time are the same delivery.
  if (kind === 'stripe')
    return {
      ...(body as object),
      ...((body as { id?: unknown }).id ? { id: `evt_${sent}` } : { pending_webhooks: sent }),
    };
  if (kind === 'slack') return { ...(body as object), event_id: `Ev${sent}` };
  if (kind === 'bitbucket-cloud') return ofAnother(body);
  return body;
}

/** New commits have two events there, of which one repeats the other: those of another pull request repeat nothing. */
function ofAnother(body: unknown): unknown {
  const path = ['pullrequest', 'id'];
  const id = valueAt(body, path);
  if (!(Number(id) > 0)) return body;
  return withForm(body, path, { how: 'other', value: typeof id === 'string' ? String(sent) : sent });
}

/** Sends a body, and returns what it starts: the automations, and those of them that ask nobody. */
async function startedBy(kind: Kind, seed: Seed, body: unknown) {
  const delivery = sentAs(kind, Buffer.from(JSON.stringify(another(kind, body))), seed.event);
  const answer = await fetch(`${receiver.url}/webhooks/${kind}`, { method: 'POST', ...delivery } as never);
  const { delivery: id, duplicate } = (await answer.json()) as { delivery?: string; duplicate?: boolean };
  const verdicts = (id && (await receiver.store.inbox.find(id))?.verdicts) || [];
  const started = verdicts.flatMap(({ automation, outcome, ...verdict }) => {
    if (outcome !== 'start') return [];
    const asks = 'asks' in verdict && (verdict.asks?.approval || verdict.asks?.permission);
    return asks ? [automation] : [automation, `${automation}, unasked`];
  });
  return { status: answer.status, duplicate: duplicate === true, started };
}

/** Of what two events tell, such as new commits at Bitbucket Cloud, the second is no repeat any more when it comes again. */
async function startedByOriginal(kind: Kind, seed: Seed) {
  const first = await startedBy(kind, seed, seed.body);
  return [...first.started, ...(await startedBy(kind, seed, seed.body)).started];
}

test(`${COUNT} deliveries of every kind and event with a field absent, null or of another form are taken, and none starts what it should not`, async () => {
  const originals = new Map<Seed, readonly string[]>();
  const wrong: string[] = [];
  let starting = 0;
  for (const { kind, seed, path, form } of variants(COUNT)) {
    const right = originals.get(seed) ?? (await startedByOriginal(kind, seed));
    originals.set(seed, right);
    const { status, duplicate, started } = await startedBy(kind, seed, withForm(seed.body, path, form));
    if (started.length > 0) starting += 1;
    const more = started.filter((name) => !right.includes(name));
    if (status < 200 || status > 299 || duplicate || more.length > 0)
      wrong.push(`${kind} ${seed.event ?? ''} ${path.join('.')} ${JSON.stringify(form)}: ${status} ${more.join('; ')}`);
  }
  expect(wrong).toEqual([]);
  expect(originals.size).toBeGreaterThan(100);
  // A field that nothing needs keeps nothing from its run.
  expect(starting).toBeGreaterThan(COUNT / 4);
}, 300_000);

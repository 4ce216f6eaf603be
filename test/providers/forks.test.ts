import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keepFromStrangers } from '../../src/activities/job/keep-secrets.js';
import type { HookyardEvent } from '../../src/events/event.js';
import { schemeOf } from '../../src/providers/known-sources.js';
import { eventsOf, MalformedPayload } from '../../src/providers/webhook-scheme.js';
import { completed, deployment, pullRequest, review, status } from '../../src/triggers/index.js';
import { match } from '../../src/triggers/match.js';
import { preconditionsOf } from '../../src/triggers/preconditions.js';
import type { Trigger } from '../../src/triggers/trigger.js';
import type { BuildableEvent } from '../../src/workflows/kit/buildable-event.js';
import { checkoutOf } from '../../src/workflows/run/checkout-of.js';
import { chainedEvent } from '../triggers/sample-events.js';
import { formsOf, pathsIn, valueAt, withForm } from './field-forms.js';
import { context, type Path, seedsOf, sentAs } from './properties-seeds.js';
import { kinds, sourceOf } from './senders.js';
import { type StrangersPayload, strangersPulls, strangersStatuses } from './stranger-payloads.js';

/** Whoever may not write to a repository starts nothing with code of theirs, whatever shape a payload about it has. */

type Kind = (typeof kinds)[number];

const schemes = new Map(kinds.map((kind) => [kind, schemeOf(sourceOf(kind))]));

/** The events of a body; none where it is ignored or malformed. */
function read(
  kind: Kind,
  { event, body }: { readonly event?: string | undefined; readonly body: unknown },
): readonly HookyardEvent[] {
  const scheme = schemes.get(kind);
  const delivery = { ...sentAs(kind, Buffer.from(JSON.stringify(body) ?? 'null'), event), payload: body };
  try {
    const answer = scheme?.normalise(body, scheme.eventName(delivery), context) ?? { ignored: '' };
    return 'ignored' in answer ? [] : eventsOf(answer);
  } catch (error) {
    if (error instanceof MalformedPayload) return [];
    throw error;
  }
}

/** What people write who did not think of strangers, and what those write who wanted to keep them out by a branch. */
const unaware: readonly Trigger[] = [
  pullRequest(),
  pullRequest({ actions: ['edited', 'labeled', 'closed', 'opened', 'synchronize', 'reopened'] }),
  pullRequest({ branches: ['main'], headBranches: ['**'] }),
  status({ states: ['success', 'failure', 'pending', 'cancelled', 'skipped'] }),
  status({ branches: ['main'] }),
  status({ branches: ['!x'] }),
  deployment({ actions: ['created', 'pending', 'running', 'success', 'failure'] }),
  review(),
  review({ actions: ['approved', 'changes_requested'] }),
];

/** Returns whether an automation would run on an event without anybody being asked. */
function startsUnasked(on: Trigger, event: HookyardEvent): boolean {
  if (!match({ on: [on] }, event).runs) return false;
  const asks = preconditionsOf({ on: [on] }, event);
  return asks.approval === undefined && asks.permission === undefined;
}

const withForks = (trigger: Trigger): Trigger => ({ ...trigger, forks: true }) as Trigger;

function expectStrangers(events: readonly HookyardEvent[]): void {
  for (const event of events) {
    for (const trigger of unaware) expect(startsUnasked(trigger, event), JSON.stringify(event)).toBe(false);
    const chained = chainedEvent({ event: event as never });
    expect(startsUnasked(completed('ci'), chained), 'a chain').toBe(false);
    expect(startsUnasked(completed('ci', { forks: true }), chained)).toBe(true);
    if (event.kind === 'pull_request') expectNoSecrets(event);
  }
}

function expectNoSecrets(event: BuildableEvent): void {
  const checkout = checkoutOf(event, { since: new Date() });
  expect(() => keepFromStrangers({ checkout, env: { T: { secret: 'npm' } } })).toThrow('gets no secrets');
}

const named = (of: (kind: Kind) => readonly StrangersPayload[]) =>
  kinds.flatMap((kind) => of(kind).map((payload) => [kind, payload.name, payload] as const));
const pulls = named(strangersPulls);
const strangers = [...pulls, ...named(strangersStatuses)];

describe('the code of a stranger', () => {
  test.each(strangers)('%s: %s', (kind, _, payload) => {
    const events = read(kind, payload);
    expect(events).toHaveLength(1);
    expectStrangers(events);
    for (const event of events) {
      if (event.kind === 'pull_request') expect(event.pullRequest.fork).toBe(true);
      else expect(event).toHaveProperty('fork', true);
      expect(unaware.map(withForks).some((trigger) => startsUnasked(trigger, event))).toBe(true);
    }
  });

  test('the code of a stranger is known at every Git provider that has pull requests', () => {
    const without = kinds.filter((kind) => !strangers.some(([each]) => each === kind));
    const services = ['standard-webhooks', 'stripe', 'slack', 'shopify', 'hmac', 'basic', 'token'];
    expect(without.sort()).toEqual(['gogs', ...services].sort());
  });
});

describe('our own code', () => {
  const own = kinds.flatMap((kind) =>
    seedsOf(kind).flatMap((seed) => read(kind, seed).map((event) => [kind, event.kind, event] as const)),
  );

  test.each(['github', 'gitlab', 'gitea', 'forgejo', 'bitbucket-cloud', 'bitbucket-data-center', 'azure-devops'])(
    '%s: pull requests from branches of the repository need no approval',
    (kind) => {
      const pulls = own.flatMap(([each, , event]) => (each === kind && event.kind === 'pull_request' ? [event] : []));
      expect(pulls.some(({ pullRequest }) => !pullRequest.fork)).toBe(true);
    },
  );

  test.each(['github', 'gitlab', 'bitbucket-cloud'])('%s: statuses of its branches start', (kind) => {
    const statuses = own.flatMap(([each, , event]) => (each === kind && event.kind === 'status' ? [event] : []));
    expect(statuses.some((event) => !event.fork && event.branch)).toBe(true);
  });
});

describe('a review', () => {
  test.each(kinds)(
    'a review of %s that approves or asks for changes starts nothing before its author was looked up',
    (kind) => {
      const reviews = seedsOf(kind)
        .flatMap((seed) => read(kind, seed))
        .filter((event) => event.kind === 'review');
      for (const event of reviews) {
        const asks = preconditionsOf({ on: [review()] }, event).permission;
        expect(asks, event.action).toBe(['approved', 'changes_requested'].includes(event.action) ? 'write' : undefined);
        expect(preconditionsOf({ on: [review({ permission: 'admin' })] }, event).permission).toBe('admin');
        expect(preconditionsOf({ on: [review({ permission: 'none' })] }, event)).toEqual({});
        expect(preconditionsOf({ on: [review({ permission: 'none' }), review()] }, event).permission).toBe(asks);
      }
    },
  );
});

function replaced(body: unknown, path: Path, form: number): unknown {
  const forms = formsOf(valueAt(body, path));
  return withForm(body, path, forms[form % forms.length] ?? { how: 'absent' });
}

/** All fields but those by which alone the payload tells. */
const free = ({ body, telling = [] }: StrangersPayload): readonly Path[] =>
  pathsIn(body).filter((path) => !telling.includes(String(path.at(-1))));

const numbers = fc.noBias(fc.nat({ max: 999_999 }));

describe('whatever is absent, null or of another form,', () => {
  test.each(strangers)('one field at a time, a stranger stays one: %s: %s', (kind, _, payload) => {
    for (const path of free(payload))
      for (let form = 0; form < 5; form += 1)
        expectStrangers(read(kind, { ...payload, body: replaced(payload.body, path, form) }));
  });

  test.each(pulls)('several at once, a pull request of a stranger stays one: %s: %s', (kind, _, payload) => {
    const paths = free(payload);
    const changes = fc.array(fc.tuple(numbers, numbers), { minLength: 2, maxLength: 5 });
    const property = fc.property(changes, (all) => {
      const body = all.reduce<unknown>(
        (before, [at, form]) => replaced(before, paths[at % paths.length] ?? [], form),
        payload.body,
      );
      expectStrangers(read(kind, { ...payload, body }));
    });
    fc.assert(property, { numRuns: 60 });
  });
});

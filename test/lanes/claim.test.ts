import { describe, expect, test } from 'vitest';
import { laneClaim, onPurpose, whyInNoLane, withoutSuperseding } from '../../src/lanes/claim.js';
import type { Concurrency } from '../../src/lanes/concurrency.js';
import {
  chainedEvent,
  deploymentEvent,
  genericEvent,
  pullRequestEvent,
  pushEvent,
  scheduleEvent,
  statusEvent,
  tagEvent,
} from '../triggers/sample-events.js';

const claim = (concurrency: Concurrency | readonly Concurrency[], event: Parameters<typeof laneClaim>[1]['event']) =>
  laneClaim([concurrency].flat() as Concurrency[], { automation: 'ci', event });
const laneOf = (...given: Parameters<typeof claim>) => claim(...given)?.lane;

describe('the lane of a run', () => {
  test('is one of its automation, its repository and its branch, and has defaults', () => {
    const event = pushEvent();
    expect(claim({ group: 'branch' }, event)).toEqual({
      lane: JSON.stringify(['automation', event.source, event.repository.id, 'ci', 'branch', event.branch]),
      title: `ci ${event.repository.fullName} ${event.branch}`,
      group: 'branch',
      limit: 1,
      onBusy: 'queue',
      priority: 3,
      kind: 'push',
      happened: { from: `main ${event.before}`, to: `main ${event.commit.sha}` },
    });
  });

  test('follows the id of a repository, and not its name', () => {
    const { repository } = pushEvent();
    const renamed = pushEvent({ repository: { ...repository, fullName: 'acme/renamed' } });
    const replaced = pushEvent({ repository: { ...repository, id: '99' } });
    expect(laneOf({ group: 'branch' }, renamed)).toBe(laneOf({ group: 'branch' }, pushEvent()));
    expect(laneOf({ group: 'branch' }, replaced)).not.toBe(laneOf({ group: 'branch' }, pushEvent()));
  });

  test('is for a pull request the same by branch and by number, never that of its head branch', () => {
    const event = pullRequestEvent();
    const named = pushEvent({ branch: event.pullRequest.head.ref });
    expect(claim({ group: 'branch' }, event)?.title).toBe(claim({ group: 'pull-request' }, event)?.title);
    expect(laneOf({ group: 'branch' }, event)).not.toBe(laneOf({ group: 'branch' }, named));
  });

  test("is not that of the repository's own branch for a fork's branch of the same name", () => {
    expect(laneOf({ group: 'branch' }, statusEvent({ branch: 'main' }))).toBeDefined();
    for (const group of ['branch', 'deploy {branch}']) {
      const forks = statusEvent({ branch: 'main', fork: true });
      expect(laneOf({ group }, forks)).toBeUndefined();
      expect(laneOf({ group }, chainedEvent({ event: forks }))).toBeUndefined();
      expect(laneOf({ group }, chainedEvent({ event: statusEvent({ branch: 'main' }) }))).toBeDefined();
    }
  });

  test("is not that of the repository's own ref for a deployment of a fork's of the same name", () => {
    const [ours, forks] = [deploymentEvent({ ref: 'main' }), deploymentEvent({ ref: 'main', fork: true })];
    for (const group of ['deploy {ref}', '{environment} {ref}']) {
      expect(laneOf({ group }, ours)).toBeDefined();
      for (const event of [forks, chainedEvent({ event: forks })]) expect(laneOf({ group }, event)).toBeUndefined();
    }
    expect(whyInNoLane([{ group: '{ref}' }], forks)).toBe(
      'in no lane: a deployment that may be a fork\'s has not all that "{ref}" names',
    );
    // What it is deployed to is the same.
    expect(laneOf({ group: '{environment}' }, forks)).toBe(laneOf({ group: '{environment}' }, ours));
  });

  test("is not that of our pull requests for the head branch of a fork's that is called alike", () => {
    const group = 'build {pullRequest.head.ref}';
    const of = (repository?: string) => {
      const head = { ref: 'more', sha: 'x', ...(repository && { repository }) };
      return pullRequestEvent({}, { fork: true, head });
    };
    const ours = claim({ group }, pullRequestEvent());
    expect(ours?.title).toMatch(/ build more$/);
    for (const event of [of('eve/shop'), chainedEvent({ event: of('eve/shop') })])
      expect(claim({ group }, event)?.title).toMatch(/ build eve\/shop:more$/);
    expect(laneOf({ group }, of('eve/shop'))).not.toBe(laneOf({ group }, of('mallory/shop')));
    // Nobody knows whose it was.
    expect(laneOf({ group }, of())).toBeUndefined();
  });

  test("is that of the repository's own branch, where it is open whose it is, only if that is found out first", () => {
    const open = statusEvent({ branch: 'main', checkSuite: '7' });
    for (const event of [open, chainedEvent({ event: open })]) {
      for (const group of ['branch', 'deploy {branch}']) {
        expect(laneOf({ group }, event)).toBeUndefined();
        const asked = laneClaim([{ group }], { automation: 'ci', event, asks: { origin: true } });
        expect(asked?.lane).toBe(laneOf({ group }, statusEvent({ branch: 'main' })));
      }
    }
    expect(whyInNoLane([{ group: 'branch' }], open)).toBe(
      'in no lane: a status that may be a fork\'s has not all that "branch" names',
    );
  });

  test('is the first whose fields the event has', () => {
    const both = [
      { group: 'pull-request', onBusy: 'cancel-running' },
      { group: 'branch', onBusy: 'keep-newest' },
    ] as const;
    expect(claim(both, pullRequestEvent())?.onBusy).toBe('cancel-running');
    expect(claim(both, pushEvent())?.onBusy).toBe('keep-newest');
    expect(claim(both, tagEvent())).toBeUndefined();
  });

  test.each(['{branch}', 'x {data.nothing}', '{data.list}', '{constructor.name}', '{kind.length}'])(
    'is none where an event has no such field: %s',
    (group) => {
      expect(laneOf({ group }, genericEvent({ data: { list: [1] } }))).toBeUndefined();
    },
  );

  test('has the fields of an event, and of the first event of a chain', () => {
    const event = genericEvent({ data: { customer: 'cus_1', live: false } });
    expect(claim({ group: 'of {data.customer} {data.live}' }, event)?.title).toMatch(/ of cus_1 false$/);
    expect(claim({ group: '{branch}' }, chainedEvent({ event: pushEvent({ branch: 'dev' }) }))?.title).toMatch(/ dev$/);
  });

  test('is never shared by events whose fields only look alike in a row', () => {
    const group = '{data.a} {data.b}';
    const one = laneOf({ group }, genericEvent({ data: { a: 'x y', b: 'z' } }));
    const other = laneOf({ group }, genericEvent({ data: { a: 'x', b: 'y z' } }));
    expect(one).not.toBe(other);
  });

  test('is never that of another group, whatever a sender calls things', () => {
    const branch = laneOf({ group: 'branch' }, pushEvent({ branch: '#1' }));
    const number = laneOf({ group: 'branch' }, pullRequestEvent());
    expect(branch).not.toBe(number);
    expect(laneOf({ group: '{branch}' }, pushEvent())).not.toBe(laneOf({ group: 'branch' }, pushEvent()));
  });

  test('spans automations, and repositories, where its scope says so', () => {
    const other = { automation: 'deploy', event: pushEvent({ repository: { ...pushEvent().repository, id: '99' } }) };
    const lanes = (scope: Concurrency['scope']) => [
      laneOf({ group: 'production', ...(scope && { scope }) }, pushEvent()),
      laneClaim([{ group: 'production', ...(scope && { scope }) }], { ...other, event: pushEvent() })?.lane,
      laneClaim([{ group: 'production', ...(scope && { scope }) }], other)?.lane,
    ];
    expect(new Set(lanes(undefined)).size).toBe(3);
    expect(new Set(lanes('repository')).size).toBe(2);
    expect(new Set(lanes('everywhere')).size).toBe(1);
  });

  test('lets nothing of one repository take the place of what is of another, nor of another source', () => {
    const group = { group: 'production', scope: 'everywhere' } as const;
    const { repository } = pushEvent();
    const kindOf = (event: Parameters<typeof claim>[1]) => claim(group, event)?.kind;
    const elsewhere = pushEvent({ repository: { ...repository, id: '99' } });
    expect(kindOf(pushEvent({ branch: 'other' }))).toBe(kindOf(pushEvent()));
    expect(new Set([pushEvent(), elsewhere, pushEvent({ source: 'another' })].map(kindOf)).size).toBe(3);
    expect(kindOf(scheduleEvent())).toBe('schedule schedule');
  });

  test('is none, with the reason, where the event lacks what the groups name, or has too much of it', () => {
    const both = [{ group: 'pull-request' }, { group: 'deploy {tag}' }];
    expect(whyInNoLane(both, pushEvent())).toBe(
      'in no lane: a push has not all that "pull-request" names, a push has not all that "deploy {tag}" names',
    );
    expect(whyInNoLane([{ group: 'branch' }], pushEvent({ branch: 'x'.repeat(401) }))).toBe(
      'in no lane: what "branch" names is longer than 400 characters',
    );
  });

  test('is that of the source for events without a repository', () => {
    expect(claim({ group: 'nightly' }, scheduleEvent())?.title).toBe('ci schedule nightly');
  });

  test('is none for a text that nobody could read', () => {
    expect(laneOf({ group: 'branch' }, pushEvent({ branch: 'x'.repeat(401) }))).toBeUndefined();
  });

  test('has a title that a terminal and a store can take, whatever a sender writes', () => {
    const title = claim({ group: 'to {data.where}' }, genericEvent({ data: { where: 'a\u0000b\u001b[2J' } }))?.title;
    expect(title).toMatch(/ to a b \[2J$/);
  });

  test('takes nobody’s place for an event that is told late, or once more', () => {
    const of = (onBusy: Concurrency['onBusy']) => {
      const found = claim({ group: 'branch', ...(onBusy && { onBusy }) }, pushEvent());
      return found && withoutSuperseding(found).onBusy;
    };
    expect([of('keep-newest'), of('cancel-running'), of('queue'), of('reject')]).toEqual([
      'queue',
      'queue',
      'queue',
      'reject',
    ]);
  });

  test('skips nothing that a person asks for, however old', () => {
    const found = claim({ group: 'branch', onBusy: 'keep-newest', skipOutdated: true }, pushEvent());
    expect(found && withoutSuperseding(found)).toMatchObject({ onBusy: 'queue', skipOutdated: true });
    expect(found && onPurpose(found)).toMatchObject({ onBusy: 'queue' });
    expect(found && onPurpose(found)).not.toHaveProperty('skipOutdated');
  });
});

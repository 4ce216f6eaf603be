import { describe, expect, test } from 'vitest';
import { draftChange, isDraftTitle } from '../../src/providers/draft-title.js';
import { schemeOf } from '../../src/providers/known-sources.js';
import { context, seedsOf } from './properties-seeds.js';
import { sourceOf } from './senders.js';

describe('a new title', () => {
  test.each([
    ['WIP: x', 'x', undefined, 'ready_for_review'],
    ['wip: x', 'y', undefined, 'ready_for_review'],
    ['[WIP] x', 'x', false, 'ready_for_review'],
    ['Draft: x', 'x', false, 'ready_for_review'],
    ['(Draft) x', 'x', undefined, 'ready_for_review'],
    ['Entwurf: x', 'x', false, 'ready_for_review'],
    ['[Not yet] x', 'x', false, 'ready_for_review'],
    ['x', 'WIP: x', undefined, 'converted_to_draft'],
    ['x', '[WIP] x', true, 'converted_to_draft'],
    ['x', 'Entwurf: x', true, 'converted_to_draft'],
    ['WIP: x', 'WIP: y', true, undefined],
    ['WIP: x', '[WIP] x', true, undefined],
    ['Entwurf: x', 'Entwurf: y', true, undefined],
    ['x', 'y', false, undefined],
    ['x', 'y', undefined, undefined],
    ['fix: x', 'x', false, undefined],
    ['[SHOP-1] x', 'x', false, undefined],
    ['Entwurf: x', 'x', undefined, undefined],
  ] as const)('a new title from %j to %j, a draft now: %s, makes of it %s', (from, to, draft, change) => {
    expect(draftChange({ from, to, draft })).toBe(change);
  });

  test.each(['wipe the table', 'drafts', 'x WIP:', 'Draft'])('%j marks no draft', (title) => {
    expect(isDraftTitle(title)).toBe(false);
  });
});

/** The first pull request of a provider's fixtures, edited. */
const edited = (kind: 'gitea' | 'forgejo' | 'gitlab', change: (body: never) => object) => {
  const event = kind === 'gitlab' ? 'Merge Request Hook' : 'pull_request';
  const seed = seedsOf(kind).find((each) => each.event === event);
  return schemeOf(sourceOf(kind)).normalise(change(structuredClone(seed?.body) as never), event, context);
};

describe.each(['gitea', 'forgejo'] as const)('at %s', (kind) => {
  const retitled = (from: string, to: string, draft?: boolean) =>
    edited(kind, (body: { pull_request: object }) => ({
      ...body,
      action: 'edited',
      changes: { title: { from } },
      pull_request: { ...body.pull_request, title: to, draft },
    }));

  test('a draft made ready by its title is ready for review', () => {
    const ready = { event: { action: 'ready_for_review', pullRequest: { draft: false, title: 'x' } } };
    expect(retitled('WIP: x', 'x')).toMatchObject(ready);
    expect(retitled('WIP: x', 'x', false)).toMatchObject(ready);
  });

  test('a pull request made a draft by its title is converted', () => {
    expect(retitled('x', '[WIP] x', true)).toMatchObject({
      event: { action: 'converted_to_draft', pullRequest: { draft: true } },
    });
  });

  test('another title is an edit, as is a title that is not told', () => {
    expect(retitled('x', 'y', false)).toMatchObject({ event: { action: 'edited' } });
    expect(edited(kind, (body: object) => ({ ...body, action: 'edited', changes: { title: null } }))).toMatchObject({
      event: { action: 'edited' },
    });
  });

  test('a branch that is changed with the title still counts as new code', () => {
    const both = edited(kind, (body: { pull_request: object }) => ({
      ...body,
      action: 'edited',
      changes: { title: { from: 'x' }, ref: { from: 'old' } },
      pull_request: { ...body.pull_request, title: 'WIP: x' },
    }));
    expect(both).toMatchObject({ event: { action: 'converted_to_draft', baseChanged: true } });
  });
});

describe('at gitlab', () => {
  const updated = (changes: object, attributes: object) =>
    edited('gitlab', (body: { object_attributes: object }) => ({
      ...body,
      changes,
      object_attributes: { ...body.object_attributes, action: 'update', oldrev: undefined, ...attributes },
    }));

  test.each([
    [{ draft: { previous: true, current: false } }, { draft: false }, 'ready_for_review'],
    [{ draft: { previous: false, current: true } }, { draft: true }, 'converted_to_draft'],
    [{ draft: { previous: true, current: false } }, { draft: undefined }, 'ready_for_review'],
    [{ work_in_progress: { previous: true, current: false } }, {}, 'ready_for_review'],
    [{ title: { previous: 'Draft: x', current: 'x' } }, { draft: false, title: 'x' }, 'ready_for_review'],
    [{ title: { previous: 'WIP: x', current: 'x' } }, { draft: undefined, title: 'x' }, 'ready_for_review'],
    [{ title: { previous: 'x', current: 'Draft: x' } }, { title: 'Draft: x' }, 'converted_to_draft'],
    [{ draft: { previous: false, current: false } }, { draft: false }, 'edited'],
    [{ title: { previous: 'x', current: 'y' } }, { draft: false, title: 'y' }, 'edited'],
    [{ title: { previous: 'Shop: x', current: 'x' } }, { draft: false, title: 'x' }, 'edited'],
  ])('%j with %j is %s', (changes, attributes, action) => {
    expect(updated(changes, attributes)).toMatchObject({ event: { kind: 'pull_request', action } });
  });
});

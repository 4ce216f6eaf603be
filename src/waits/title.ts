import type { HookyardEvent } from '../events/event.js';
import type { Trigger } from '../triggers/trigger.js';
import type { About } from './about.js';

const KINDS = {
  push: 'a push',
  tag: 'a tag',
  branch_deleted: 'the deletion of a branch',
  pull_request: 'a change of a pull request',
  merge_group: 'a merge group',
  comment: 'a comment',
  review: 'a review',
  release: 'a release',
  deployment: 'a deployment',
  status: 'a status',
  generic: 'an event',
  schedule: 'a time',
  manual: 'a run by hand',
  chained: 'the end of a run',
} as const satisfies Record<Trigger['kind'], string>;

/** In characters. Values of fields come from payloads. */
const MAX_VALUE = 100;

/** Returns in words what a run waits for: `a comment or a push about #7`. Holds text from the payload. */
export function titleOf(on: readonly Trigger[], about: About, of: HookyardEvent): string {
  const kinds = [...new Set(on.map(({ kind }) => KINDS[kind]))].join(' or ');
  return `${kinds} ${aboutInWords(about, of)}`;
}

function aboutInWords(about: About, of: HookyardEvent): string {
  switch (about.kind) {
    case 'pull-request':
    case 'issue':
      return `about #${about.number}`;
    case 'branch':
      return `about ${about.branch}`;
    case 'repository':
      return `from ${'repository' in of ? of.repository.fullName : of.source}`;
    case 'field':
      return `with ${about.path} ${about.value.slice(0, MAX_VALUE)}`;
    default:
      return about satisfies never;
  }
}

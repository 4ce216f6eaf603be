import { branchOf, pullRequestOf, repositoryOf } from '../events/accessors.js';
import { type HookyardEvent, rootOf } from '../events/event.js';
import { fieldOf } from '../events/field-of.js';
import { type Concurrency, DEFAULT_LIMIT, DEFAULT_PRIORITY, type LaneClaim } from './concurrency.js';
import { happenedOf } from './happened.js';

/** In characters, together. What a person can name is shorter, and an index holds it. */
const MAX_VALUES = 400;
const DEFAULTS = { limit: DEFAULT_LIMIT, onBusy: 'queue', priority: DEFAULT_PRIORITY } as const;

/** What a run begins for. */
interface Claimant {
  readonly event: HookyardEvent;
  /** What is found out before it gets a slot. With `origin` it gets none if its commit may be a fork's. */
  readonly asks?: { readonly origin?: unknown } | undefined;
}

/**
 * Returns the lane that an event's run belongs to: that of the first group whose fields the event has; undefined if there is
 * none. An event that lacks a field never joins the lane of others that lack it.
 */
export function laneClaim(
  concurrency: readonly Concurrency[],
  { automation, event, asks }: Claimant & { readonly automation: string },
): LaneClaim | undefined {
  for (const one of concurrency) {
    const found = membersOf(one.group, { event, asks });
    if (found === undefined || found.values.join('').length > MAX_VALUES) continue;
    const repository = repositoryOf(event);
    const {
      scope = 'automation',
      limit = DEFAULTS.limit,
      onBusy = DEFAULTS.onBusy,
      priority = DEFAULTS.priority,
    } = one;
    const happened = happenedOf(event);
    const owner = scope === 'everywhere' ? [] : [event.source, repository?.id ?? ''];
    const name = scope === 'automation' ? [automation] : [];
    const place = scope === 'everywhere' ? [] : [repository?.fullName ?? event.source];
    return {
      lane: JSON.stringify([scope, ...owner, ...name, one.group, ...found.values]),
      title: [...name, ...place, found.title]
        .filter((part) => part !== '')
        .join(' ')
        .replace(/\p{Cc}/gu, ' '),
      group: one.group,
      ...{ limit, onBusy, priority },
      // What happens in one repository never takes the place of what happens in another.
      kind: scope === 'everywhere' ? [event.kind, event.source, repository?.id].filter(Boolean).join(' ') : event.kind,
      ...(one.skipOutdated && { skipOutdated: true }),
      ...(happened && { happened }),
    };
  }
  return undefined;
}

/** Returns why an event's run is in none of its automation's lanes, in words. For an event of which {@link laneClaim} finds none. */
export function whyInNoLane(
  concurrency: readonly Concurrency[],
  event: HookyardEvent,
  asks?: Claimant['asks'],
): string {
  const whose = mayBeForks({ event, asks }) ? " that may be a fork's" : '';
  const reasons = concurrency.map(({ group }) =>
    membersOf(group, { event, asks }) === undefined
      ? `a ${event.kind.replaceAll('_', ' ')}${whose} has not all that "${group}" names`
      : `what "${group}" names is longer than ${MAX_VALUES} characters`,
  );
  return `in no lane: ${reasons.join(', ')}`;
}

interface Members {
  /** What tells one lane of the group from another. */
  readonly values: readonly string[];
  readonly title: string;
}

function membersOf(group: string, claimant: Claimant): Members | undefined {
  const { event } = claimant;
  const number = pullRequestOf(event);
  const pullRequest = number === undefined ? undefined : { values: ['pull request', `${number}`], title: `#${number}` };
  switch (group) {
    case 'pull-request':
      return pullRequest;
    case 'branch': {
      const branch = mayBeForks(claimant) ? undefined : branchOf(event);
      return pullRequest ?? (branch ? { values: [branch], title: branch } : undefined);
    }
    case 'repository':
      return repositoryOf(event) && { values: [], title: '' };
    default:
      return filledIn(group, claimant);
  }
}

/**
 * Whether an event's branch, or that with which its chain began, may be a fork's: one of the same name is another branch. Where the
 * payload leaves that open, it may be one, unless it is found out before the run gets its slot.
 */
function mayBeForks({ event, asks }: Claimant): boolean {
  const root = rootOf(event);
  if ('fork' in root && root.fork === true) return true;
  return root.kind === 'status' && root.checkSuite !== undefined && asks?.origin === undefined;
}

/** What stands for a field in a group's template: `{pullRequest.number}`. */
export const FIELD = /\{([^{}]*)\}/g;

/** Fields that name a branch of the repository, or of whatever fork an event is of. */
const BRANCHES: readonly string[] = ['branch', 'ref'];
const HEAD = 'pullRequest.head.ref';

/**
 * Returns what stands for a field. A fork's branch is another one than ours of the same name: it has its repository
 * before it, with a colon, which no branch's name holds, or is left out.
 */
function fieldFor(path: string, claimant: Claimant): string | undefined {
  if (BRANCHES.includes(path) && mayBeForks(claimant)) return undefined;
  const root = rootOf(claimant.event);
  if (path !== HEAD || root.kind !== 'pull_request' || !root.pullRequest.fork) return fieldOf(claimant.event, path);
  const { repository, ref } = root.pullRequest.head;
  return repository === undefined ? undefined : `${repository}:${ref}`;
}

function filledIn(template: string, claimant: Claimant): Members | undefined {
  const values: string[] = [];
  for (const [, path = ''] of template.matchAll(FIELD)) {
    const value = fieldFor(path, claimant);
    if (value === undefined) return undefined;
    values.push(value);
  }
  let next = 0;
  return { values, title: template.replace(FIELD, () => values[next++] ?? '') };
}

/**
 * Returns the claim of a run that is told late, or once more on purpose: what it is about may be older than what others do, so it
 * takes nobody's place.
 */
export function withoutSuperseding(claim: LaneClaim): LaneClaim {
  const { held: _, ...rest } = claim;
  return rest.onBusy === 'reject' ? rest : { ...rest, onBusy: 'queue' };
}

/** Returns the claim of a run that a person asks for: as {@link withoutSuperseding}, and it is not skipped for being older. */
export function onPurpose(claim: LaneClaim): LaneClaim {
  const { skipOutdated: _, ...rest } = withoutSuperseding(claim);
  return rest;
}

import type {
  Comment,
  Commit,
  EditedEvent,
  EventKind,
  EventOf,
  PullRequest,
  Repository,
  Sender,
  Stack,
} from '../events/event.js';
import { didYouMean } from './did-you-mean.js';

/** What stands in a field: one value; a list of texts; what only the event itself tells; or fields of its own. */
type Held = 'value' | 'texts' | 'anything' | FieldTable;
interface FieldTable {
  readonly [name: string]: Held;
}
/** A table that lacks one of the fields does not compile. */
type TableOf<T> = Readonly<Record<keyof T, Held>>;
/** A chain answers by the event that it began with. */
type RootKind = Exclude<EventKind, 'chained'>;

const COMMIT: TableOf<Commit> = values('sha', 'message', 'author', 'url');
const REPOSITORY: TableOf<Repository> = values('id', 'fullName', 'url', 'defaultBranch', 'private');
const SENDER: TableOf<Sender> = values('login', 'id', 'bot', 'own');
const EDITED: TableOf<EditedEvent> = values('from', 'by');
const COMMENT: TableOf<Comment> = values('id', 'in', 'body', 'author', 'url', 'createdAt');
const BASE: TableOf<PullRequest['base']> = values('ref', 'sha');
const HEAD: TableOf<PullRequest['head']> = values('ref', 'sha', 'repository');
const STACK: TableOf<Stack> = { ...values('number', 'position', 'size'), base: BASE };
const PULL_REQUEST: TableOf<PullRequest> = {
  ...values('number', 'title', 'url', 'author', 'state', 'draft', 'fork', 'merged', 'updatedAt'),
  labels: 'texts',
  base: BASE,
  stack: STACK,
  head: HEAD,
};

const OF_ALL = {
  ...values('kind', 'source', 'provider', 'deliveryId', 'receivedAt', 'toldBefore'),
  edited: EDITED,
  superseded: 'anything',
} as const;
const OF_REPOSITORIES = { ...OF_ALL, ...values('refsLeftOut'), repository: REPOSITORY, sender: SENDER } as const;

const EVENTS: { readonly [K in RootKind]: TableOf<EventOf<K>> } = {
  push: {
    ...OF_REPOSITORIES,
    ...values('ref', 'branch', 'pushedAt', 'before', 'created', 'mergeQueue', 'forced'),
    commit: COMMIT,
    changedFiles: 'texts',
  },
  tag: { ...OF_REPOSITORIES, ...values('ref', 'tag', 'pushedAt', 'unpeeled', 'created'), commit: COMMIT },
  branch_deleted: { ...OF_REPOSITORIES, ...values('ref', 'branch', 'before') },
  tag_deleted: { ...OF_REPOSITORIES, ...values('ref', 'tag', 'before') },
  pull_request: {
    ...OF_REPOSITORIES,
    ...values('action', 'baseChanged'),
    commit: COMMIT,
    pullRequest: PULL_REQUEST,
  },
  merge_group: { ...OF_REPOSITORIES, ...values('action', 'reason', 'ref', 'branch'), commit: COMMIT, base: BASE },
  comment: {
    ...OF_REPOSITORIES,
    ...values('action', 'on', 'number', 'title', 'open'),
    commit: COMMIT,
    comment: COMMENT,
    commands: 'anything',
  },
  review: {
    ...OF_REPOSITORIES,
    ...values('action', 'number', 'title', 'open', 'url', 'reviewer', 'body'),
    commit: COMMIT,
  },
  release: { ...OF_REPOSITORIES, ...values('action', 'tag', 'name', 'url', 'draft', 'prerelease') },
  deployment: {
    ...OF_REPOSITORIES,
    ...values('action', 'id', 'environment', 'ref', 'url', 'fork'),
    commit: COMMIT,
  },
  status: {
    ...OF_REPOSITORIES,
    ...values('state', 'name', 'branch', 'url', 'fork', 'checkSuite'),
    commit: COMMIT,
    branches: 'texts',
  },
  generic: { ...OF_ALL, ...values('type', 'id'), data: 'anything' },
  schedule: { ...OF_ALL, ...values('cron', 'scheduledAt') },
  manual: { ...OF_ALL, inputs: 'anything' },
};

function values<N extends string>(...names: readonly N[]): Readonly<Record<N, Held>> {
  return Object.fromEntries(names.map((name): [string, Held] => [name, 'value'])) as Record<N, Held>;
}

/** Returns whether an event of some kind may have a value at a path: `pullRequest.number`. */
export function isEventField(path: string): boolean {
  return KINDS.some((kind) => mayHold(kind, path));
}

/** Returns whether an event of a kind may have a value at a path. That of a chain may be of any kind. */
export function mayHold(kind: EventKind, path: string): boolean {
  if (kind === 'chained') return isEventField(path);
  let held: Held | undefined = EVENTS[kind];
  for (const name of path.split('.')) {
    if (held === 'anything' || held === 'texts') return true;
    if (held === undefined || held === 'value') return false;
    held = Object.hasOwn(held, name) ? held[name] : undefined;
  }
  return held === 'value' || held === 'anything';
}

const KINDS = Object.keys(EVENTS) as RootKind[];
/** Those of the event itself come first: what is meant is looked for in this order. */
const PATHS = [...new Set(KINDS.flatMap((kind) => pathsIn(EVENTS[kind])))].sort(
  (one, other) => depth(one) - depth(other),
);

function depth(path: string): number {
  return path.split('.').length;
}

function pathsIn(table: FieldTable): string[] {
  return Object.entries(table).flatMap(([name, held]) =>
    typeof held === 'string'
      ? [held === 'texts' ? `${name}.0` : name]
      : pathsIn(held).map((below) => `${name}.${below}`),
  );
}

/** Returns the end of a sentence about a path that no event has: the one that was probably meant. Undefined where none is close. */
export function fieldMeant(path: string): string | undefined {
  const ofEvent = path.replace(/^event\./, '');
  const isMeant = (known: string) =>
    known === ofEvent || known.startsWith(`${ofEvent}.`) || known.endsWith(`.${ofEvent}`);
  const meant = PATHS.find(isMeant);
  return meant === undefined ? didYouMean(ofEvent, PATHS) : `; did you mean "${meant}"?`;
}

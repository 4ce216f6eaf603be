import type {
  ChainedEvent,
  Comment,
  Commit,
  EditedEvent,
  HookyardEvent,
  PullRequest,
  Repository,
  Sender,
  Stack,
} from '../events/event.js';
import { didYouMean } from './did-you-mean.js';

/** What stands in a field: one value; what only the event itself tells, a list for example; or fields of its own. */
type Held = 'value' | 'anything' | FieldTable;
interface FieldTable {
  readonly [name: string]: Held;
}
/** A table that lacks one of the fields does not compile. */
type TableOf<T> = Readonly<Record<keyof T, Held>>;
/** A chain answers by the event that it began with. */
type FieldOf<E> = E extends ChainedEvent ? never : keyof E;

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
  labels: 'anything',
  base: BASE,
  stack: STACK,
  head: HEAD,
};

/** The fields of all kinds of events. */
const EVENT: Readonly<Record<FieldOf<HookyardEvent>, Held>> = {
  ...values('kind', 'source', 'provider', 'deliveryId', 'receivedAt', 'toldBefore', 'refsLeftOut'),
  ...values('ref', 'branch', 'tag', 'pushedAt', 'before', 'created', 'mergeQueue', 'forced', 'unpeeled'),
  ...values('action', 'baseChanged', 'reason', 'on', 'number', 'title', 'open', 'url', 'reviewer', 'body', 'name'),
  ...values('draft', 'prerelease', 'id', 'environment', 'fork', 'state', 'checkSuite', 'type', 'cron', 'scheduledAt'),
  commit: COMMIT,
  repository: REPOSITORY,
  sender: SENDER,
  pullRequest: PULL_REQUEST,
  comment: COMMENT,
  base: BASE,
  edited: EDITED,
  superseded: 'anything',
  changedFiles: 'anything',
  branches: 'anything',
  commands: 'anything',
  data: 'anything',
  inputs: 'anything',
};

function values<N extends string>(...names: readonly N[]): Readonly<Record<N, Held>> {
  return Object.fromEntries(names.map((name): [string, Held] => [name, 'value'])) as Record<N, Held>;
}

/** Returns whether an event of some kind may have a value at a path: `pullRequest.number`. */
export function isEventField(path: string): boolean {
  let held: Held | undefined = EVENT;
  for (const name of path.split('.')) {
    if (held === 'anything') return true;
    if (held === undefined || held === 'value') return false;
    held = Object.hasOwn(held, name) ? held[name] : undefined;
  }
  return typeof held === 'string';
}

const PATHS = pathsIn(EVENT);

function pathsIn(table: FieldTable): string[] {
  return Object.entries(table).flatMap(([name, held]) =>
    typeof held === 'string' ? [name] : pathsIn(held).map((below) => `${name}.${below}`),
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

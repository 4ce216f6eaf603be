import { schemeOf } from '../../src/providers/known-sources.js';
import type { Source } from '../../src/providers/source.js';
import { examples } from '../support/harness/delivery.js';
import { azureFixtures } from './azure-devops/fixtures.js';
import { bitbucketCloudFixtures } from './bitbucket-cloud/fixtures.js';
import { bitbucketDataCenterFixtures } from './bitbucket-data-center/fixtures.js';
import type { Fixture } from './conformance.js';
import { giteaFixtures } from './gitea/fixtures.js';
import { gitlabFixtures } from './gitlab/fixtures.js';
import { senders, sourceOf } from './senders.js';

export type Path = readonly (string | number)[];

/** A body that a provider sends, from which spoiled ones are made. */
export interface Seed {
  readonly event?: string;
  readonly body: unknown;
  /** The fields that normalising looks at: spoiling others spoils little. */
  readonly read: readonly Path[];
}

type Kind = Source['kind'];
type Told = Omit<Seed, 'read'>;

const withHeader =
  (header: string) =>
  ({ headers, body }: Fixture): Told => ({ event: headers?.[header] ?? '', body });

const generic: readonly Told[] = [
  { body: { type: 'payment_intent.succeeded', id: 'evt_1', data: { object: { id: 'pi_1', amount: 1 } } } },
  { body: { event_id: 'Ev1', type: 'event_callback', event: { type: 'message', text: 'hello' } } },
];

function told(kind: Kind): readonly Told[] {
  switch (kind) {
    case 'github':
      return examples.map(({ event, payload }) => ({ event, body: payload }));
    case 'gitlab':
      return gitlabFixtures.map(withHeader('x-gitlab-event'));
    case 'gitea':
    case 'forgejo':
    case 'gogs':
      return giteaFixtures(`x-${kind}`).map(withHeader(`x-${kind}-event`));
    case 'bitbucket-cloud':
      return bitbucketCloudFixtures.map(withHeader('x-event-key'));
    case 'bitbucket-data-center':
      return bitbucketDataCenterFixtures.map(withHeader('x-event-key'));
    case 'azure-devops':
      return azureFixtures.map(({ body }) => ({ body }));
    default:
      return generic;
  }
}

const NOW = Date.parse('2026-11-24T08:00:00Z');
export const context = { source: 'here', deliveryId: 'd0', receivedAt: '2026-11-24T08:00:00.000Z' };

/** What is sent for a body: its bytes with the headers of a sender who has the secret. */
export function sentAs(kind: Kind, body: Buffer, event: string | undefined) {
  return { headers: { 'content-type': 'application/json', ...senders[kind](body, NOW, event || undefined) }, body };
}

/** The bodies of a kind that become events, and one that does not. */
export function seedsOf(kind: Kind): readonly Seed[] {
  const source = schemeOf(sourceOf(kind));
  const seeds = told(kind).map((seed) => {
    const body = Buffer.from(JSON.stringify(seed.body));
    const delivery = { ...sentAs(kind, body, seed.event), payload: seed.body };
    const paths: Path[] = [];
    const answer = source.normalise(watched(seed.body, paths, []), source.eventName(delivery), context);
    return { ...seed, read: unique(paths), ignored: 'ignored' in answer };
  });
  const ignored = seeds.find((seed) => seed.ignored);
  return [...seeds.filter((seed) => !seed.ignored), ...(ignored ? [ignored] : [])];
}

/** The value, which notes the paths of whatever is read from it. */
function watched(value: unknown, paths: Path[], at: Path): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(holder, key, receiver) {
      const inner: unknown = Reflect.get(holder, key, receiver);
      if (typeof key !== 'string' || typeof inner === 'function' || (Array.isArray(holder) && key === 'length'))
        return inner;
      const path = [...at, Array.isArray(holder) ? Number(key) : key];
      paths.push(path);
      return watched(inner, paths, path);
    },
  });
}

function unique(paths: readonly Path[]): readonly Path[] {
  return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
}

import { azureFixtures } from './azure-devops/fixtures.js';
import { bitbucketCloudFixtures } from './bitbucket-cloud/fixtures.js';
import { bitbucketDataCenterFixtures } from './bitbucket-data-center/fixtures.js';
import type { Fixture } from './conformance.js';
import { giteaFixtures } from './gitea/fixtures.js';
import { gitlabFixtures } from './gitlab/fixtures.js';

const FIXTURES = {
  'azure-devops': azureFixtures,
  'bitbucket-cloud': bitbucketCloudFixtures,
  'bitbucket-data-center': bitbucketDataCenterFixtures,
  gitea: giteaFixtures('x-gitea'),
  forgejo: giteaFixtures('x-forgejo'),
  gitlab: gitlabFixtures,
} as const satisfies Record<string, readonly Fixture[]>;

/** The kinds of sources that {@link fixtureOf} knows deliveries of. */
export type FixtureKind = keyof typeof FIXTURES;

/** Returns a delivery of a provider by its name: the provider's name for the event, and the payload. Throws where there is none. */
// biome-ignore lint/suspicious/noExplicitAny: tests change single fields of a provider's payloads.
export function fixtureOf(kind: FixtureKind, name: string): { readonly event: string | undefined; readonly body: any } {
  const found = FIXTURES[kind].find((fixture) => fixture.name === name);
  if (!found) throw new Error(`${kind} has no fixture "${name}"`);
  const [event] = Object.entries(found.headers ?? {}).flatMap(([header, value]) =>
    /-event(?:-key)?$/.test(header) ? [value] : [],
  );
  return { event, body: structuredClone(found.body) };
}

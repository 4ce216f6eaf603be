import { randomUUID } from 'node:crypto';
import type { LoggedHook } from '../../support/fake-github/delivery-logs.js';
import { type FakeGithub, startFakeGithub } from '../../support/fake-github/github.js';
import { pushPayload } from '../../support/harness/payloads.js';
import { openSystem, type System } from './system.js';

const TOKEN = 'canary-github-token';
const SECRET = 'a webhook secret for tests';

export interface GithubSystem {
  readonly hub: FakeGithub;
  readonly system: System;
  /** What must never be told. */
  readonly token: string;
  close(): Promise<void>;
}

/** A stand-in for GitHub, and a receiver with sources of it. `organisations`: those that a source's look asks too. */
export async function openGithubSystem(
  sources: readonly string[],
  organisations: (source: string) => readonly string[] = () => [],
): Promise<GithubSystem> {
  const hub = await startFakeGithub({ token: TOKEN, secret: SECRET });
  const sourceOf = (name: string) => ({
    kind: 'github' as const,
    secrets: [{ env: 'SECRET' }],
    api: { url: hub.url, token: { env: 'TOKEN' } },
    reconcile: { callsPerMinute: 6_000, organisations: [...organisations(name)] },
  });
  const system = await openSystem({
    values: { SECRET, TOKEN },
    config: (receiver) => ({
      server: { publicUrl: receiver },
      sources: Object.fromEntries(sources.map((name) => [name, sourceOf(name)])),
    }),
  });
  return {
    hub,
    system,
    token: TOKEN,
    async close() {
      await system.close();
      await hub.close();
    },
  };
}

/** GitHub tells of a push of its own to `acme/<repository>`, so many minutes ago. Answers the delivery's GUID. */
export function tellPush(hook: LoggedHook, repository: string, minutesAgo: number): Promise<string> {
  const after = randomUUID().replaceAll('-', '').padEnd(40, '0');
  const about = { id: 42, full_name: `acme/${repository}`, html_url: 'http://hub/x', private: false };
  const payload = { ...pushPayload({ after }), repository: about };
  return hook.deliver('push', payload, new Date(Date.now() - minutesAgo * 60_000));
}

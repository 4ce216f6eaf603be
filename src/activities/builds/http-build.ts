import { z } from 'zod';
import type { Config } from '../../config/config.js';
import { holdsCredentials, NO_CREDENTIALS, withoutUser } from '../../secrets/address-credentials.js';
import type { Activities, HttpBuildRef, RemoteBuildOutcome } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { notConfigured, refused, unavailable } from '../failures.js';
import { type BuildApi, createBuildApi } from './build-api.js';
import { callbackUrlFor, thisRun } from './callback-url.js';
import { type PollInterval, poll } from './poll.js';

/** The activities of a build that is triggered by HTTP. */
export type HttpBuildActivities = Pick<Activities, 'triggerHttpBuild' | 'awaitHttpBuild' | 'cancelHttpBuild'>;

const INTERVAL: PollInterval = { firstMs: 3_000, lastMs: 30_000, toleratedFailures: 10 };

const webAddress = z.url({ protocol: /^https?$/ }).max(2000);
/** Asked again with the build's own token. */
const asked = webAddress.refine((url) => !holdsCredentials(url), NO_CREDENTIALS);
/** Shown to people. */
const page = webAddress.transform(withoutUser);

const startedSchema = z.object({
  id: z
    .union([z.string().max(200), z.number()])
    .transform(String)
    .nullish(),
  statusUrl: asked.nullish(),
  cancelUrl: asked.nullish(),
  url: page.nullish(),
});

const statusSchema = z.object({ status: z.string().max(100), url: page.nullish() });

/**
 * Returns the activities that run a build at any service that accepts a POST. The service reports its end to the
 * callback URL that it gets, or at the `statusUrl` that it answers with.
 */
export function createHttpBuilds({ config }: ActivityDeps, interval: PollInterval = INTERVAL): HttpBuildActivities {
  const api = createBuildApi(config);
  return {
    async triggerHttpBuild(input) {
      const { build, idempotencyKey } = input;
      const callback = { signal: input.callbackSignal, id: idempotencyKey, validForMs: input.validForMs };
      const callbackUrl = callbackUrlFor(config, callback);
      const { json } = await api({
        build,
        method: 'POST',
        headers: { 'idempotency-key': inAscii(idempotencyKey) },
        body: { params: input.params, ...(callbackUrl && { callbackUrl }), run: thisRun(), idempotencyKey },
      });
      const started = readStarted(build, json);
      checkOrigins(config, { build, ...started });
      if (callbackUrl || started.statusUrl) return { build, ...started };
      throw notConfigured(
        `build ${build} can't report its end: set server.publicUrl, so that it gets a callback URL, ` +
          'or have it answer with a statusUrl',
      );
    },

    async awaitHttpBuild({ build, statusUrl }) {
      if (!statusUrl) throw refused(`build ${build} gave no statusUrl, so it can't be asked: wait for its callback`);
      const ended = await poll(() => outcome(api, { build, statusUrl }), { interval });
      if (ended) return ended;
      throw new Error(`build ${build} did not end`);
    },

    async cancelHttpBuild({ build, cancelUrl }) {
      if (!cancelUrl) return;
      // Gone, unknown or ended: there is nothing left to cancel.
      await api({ build, method: 'POST', url: cancelUrl, accept: [404, 409, 410] });
    },
  };
}

/** Escapes what is not ASCII, for a header: a workflow id, and so the key, may hold any character. */
function inAscii(idempotencyKey: string): string {
  return idempotencyKey.replace(/[^\x21-\x7e]/gu, encodeURIComponent);
}

/** Parses the answer to the start. It may be empty, but must not be malformed. */
function readStarted(build: string, json: unknown): Omit<HttpBuildRef, 'build'> & { url?: string } {
  const answer = startedSchema.safeParse(json ?? {});
  if (!answer.success) {
    const problems = answer.error.issues.map((issue) => `${issue.path.join('.') || 'the body'}: ${issue.message}`);
    throw refused(`build ${build} started with an answer that can't be used: ${problems.join('; ').slice(0, 500)}`);
  }
  const { id, statusUrl, cancelUrl, url } = answer.data;
  return { ...(id && { id }), ...(statusUrl && { statusUrl }), ...(cancelUrl && { cancelUrl }), ...(url && { url }) };
}

/** Refuses a foreign address when the build starts, and not hours later at its first request, which checks again. */
function checkOrigins(config: Config, { build, statusUrl, cancelUrl }: HttpBuildRef): void {
  const own = new URL(config.builds[build]?.url ?? '').origin;
  for (const url of [statusUrl, cancelUrl]) {
    if (url && new URL(url).origin !== own) {
      throw refused(`build ${build} answered with an address at ${new URL(url).origin}; it must be at ${own}`);
    }
  }
}

/** Returns how a build ended; undefined while it runs. */
async function outcome(
  api: BuildApi,
  { build, statusUrl }: { build: string; statusUrl: string },
): Promise<RemoteBuildOutcome | undefined> {
  const { json } = await api({ build, method: 'GET', url: statusUrl });
  const answer = statusSchema.safeParse(json);
  if (!answer.success) throw unavailable(`build ${build} answered its statusUrl without { "status": … } in JSON`);
  const { status, url } = answer.data;
  if (status !== 'passed' && status !== 'failed' && status !== 'cancelled') return undefined;
  return { outcome: status, passed: status === 'passed', conclusion: status, ...(url && { url }) };
}

import { z } from 'zod';
import { bearer } from '../http/auth-headers.js';
import type { Request, Response } from '../http/json-client.js';
import { RequestError } from '../http/request-error.js';
import { holdsCredentials, NO_CREDENTIALS, withoutUser } from '../secrets/address-credentials.js';
import { connectApi } from './connection.js';
import { checked } from './parameters.js';
import { type BuildState, type CiAccess, type RemoteCi, RemoteCiError } from './remote-ci.js';
import type { CiSettings } from './settings.js';

/** A build that a service has started. */
export interface StartedBuild {
  readonly id?: string;
  /** Asked until it answers that the build has ended. */
  readonly statusUrl?: string;
  /** POSTed to when the build is to be cancelled. */
  readonly cancelUrl?: string;
  readonly url?: string;
}

/** What a service is sent to start a build; the same on every attempt, by whose key it knows a repeat. */
export interface StartBody {
  readonly params: unknown;
  readonly callbackUrl?: string | undefined;
  /** Workflow id. */
  readonly run: string;
  readonly idempotencyKey: string;
}

/** How a start is sent. */
export interface StartOptions {
  /** Whether it has been sent before, and the answer was lost. */
  readonly again?: boolean | undefined;
}

/** A service that accepts a POST, and reports the build's end to the callback URL or at the `statusUrl` of its answer. */
export interface HttpService {
  start(body: StartBody, options?: StartOptions): Promise<StartedBuild>;
  look(statusUrl: string): Promise<BuildState>;
  /** Has what a key has started cancelled. Returns false where the settings do not say how. */
  abandon(idempotencyKey: string): Promise<boolean>;
  /** Cancels a build where its answer said, or else by its key. Throws {@link RemoteCiError} where neither says how. */
  end(cancelUrl: string | undefined, idempotencyKey: string): Promise<void>;
}

/** In bytes. */
const MAX_RESPONSE = 64 * 1024;

const webAddress = z.url({ protocol: /^https?$/ }).max(2000);
/** Asked again with the build's own token. */
const asked = webAddress.refine((url) => !holdsCredentials(url), NO_CREDENTIALS);
/** Shown to people. */
const shown = webAddress.transform(withoutUser);

const startedSchema = z.object({
  id: z
    .union([z.string().max(200), z.number()])
    .transform(String)
    .nullish(),
  statusUrl: asked.nullish(),
  cancelUrl: asked.nullish(),
  url: shown.nullish(),
});
/** What is read of an answer that can't be used. */
const cancellable = z.object({ cancelUrl: asked });
const statusSchema = z.object({ status: z.string().max(100), url: shown.nullish() });
/** What {@link http} calls a build by. */
const handleSchema = z.object({ statusUrl: z.string().optional(), cancelUrl: z.string().optional() });

/** Returns a service of the kind `http`. */
export function httpService(settings: CiSettings<'http'>, access: CiAccess): HttpService {
  const { url, token, allowPrivate } = settings;
  const { origin } = new URL(url);
  const api = connectApi(
    {
      ...{ base: origin, token, isTokenOptional: true, allowPrivate, maxBytes: MAX_RESPONSE },
      headers: (value) => ({ authorization: bearer(value) }),
    },
    access,
  );

  /** Refuses an address elsewhere, which would get the same token. */
  function pathOf(address: string): string {
    const at = new URL(address);
    if (at.username || at.password)
      throw new RemoteCiError('refused', 'may not be asked at an address with a user or a password');
    if (at.origin !== origin) throw new RemoteCiError('refused', `may only be asked at ${origin}, not at ${at.origin}`);
    return `${at.pathname}${at.search}`;
  }

  /** Gone, unknown or ended: there is nothing left to cancel. */
  async function cancel(address: string, more: Pick<Request, 'headers' | 'body'> = {}): Promise<void> {
    await api.send({ method: 'POST', path: pathOf(address), ...more, accept: [404, 409, 410] });
  }

  async function abandon(idempotencyKey: string): Promise<boolean> {
    if (settings.cancelUrl === undefined) return false;
    const headers = { 'idempotency-key': inAscii(idempotencyKey) };
    await cancel(settings.cancelUrl, { headers, body: { run: runOf(idempotencyKey), idempotencyKey } });
    return true;
  }

  /** Returns what was started, where that can be waited for and asked for. */
  function usable(json: unknown, { callbackUrl }: Pick<StartBody, 'callbackUrl'>): StartedBuild {
    const started = readStarted(json);
    // When the build starts, and not hours later at its first request, which checks again.
    for (const address of [started.statusUrl, started.cancelUrl]) if (address) pathOf(address);
    if (callbackUrl || started.statusUrl) return started;
    throw new RemoteCiError(
      'not configured',
      "can't report its end: set server.publicUrl, so that it gets a callback URL, or have it answer with a statusUrl",
    );
  }

  /** Cancels what was started by an answer that can't be used. Returns whether that was possible. */
  async function isUndone(json: unknown, idempotencyKey: string): Promise<boolean> {
    const cancelUrl = cancellable.safeParse(json).data?.cancelUrl;
    try {
      if (cancelUrl === undefined || new URL(cancelUrl).origin !== origin) return await abandon(idempotencyKey);
      await cancel(cancelUrl);
      return true;
    } catch {
      return false;
    }
  }

  return {
    async start({ idempotencyKey, ...body }, { again = false } = {}) {
      let answer: Response | undefined;
      try {
        answer = await api.send({
          ...{ method: 'POST', path: pathOf(url), headers: { 'idempotency-key': inAscii(idempotencyKey) } },
          body: { ...body, idempotencyKey },
        });
        return usable(answer.json, body);
      } catch (error) {
        if (again && isConflict(error))
          throw new RemoteCiError(
            'unusable',
            `${error.message}; it may still be at work on the same request of before`,
          );
        const unusable = answer ? error : unusableAnswer(error);
        if (!(unusable instanceof RemoteCiError) || (await isUndone(answer?.json, idempotencyKey))) throw error;
        const { kind, message } = unusable;
        throw new RemoteCiError(kind, `${message}; it may go on there, since it could not be cancelled`);
      }
    },

    async look(statusUrl) {
      const { json } = await api.send({ path: pathOf(statusUrl) });
      const answer = statusSchema.safeParse(json);
      if (!answer.success)
        throw new RemoteCiError('unusable', 'answered its statusUrl without { "status": … } in JSON');
      const { status, url: page } = answer.data;
      const outcome = status === 'passed' || status === 'failed' || status === 'cancelled' ? status : undefined;
      return { outcome, conclusion: status, ...(page && { url: page }) };
    },

    abandon,

    async end(cancelUrl, idempotencyKey) {
      if (cancelUrl !== undefined) return cancel(cancelUrl);
      if (!(await abandon(idempotencyKey)))
        throw new RemoteCiError(
          'refused',
          `can't be cancelled, and may go on: no answer has named a cancelUrl, and builds.${access.name}.cancelUrl is not set`,
        );
    },
  };
}

/**
 * Returns such a service as a CI service. It knows a repeated trigger by its key, so that nothing has to be looked for; without a
 * `statusUrl`, only the callback tells of an end.
 */
export function http(settings: CiSettings<'http'>, access: CiAccess): RemoteCi {
  const service = httpService(settings, access);
  const handleOf = (id: string) => handleSchema.parse(JSON.parse(id));
  return {
    hidesIds: true,

    async trigger({ ref, sha, correlation, callbackUrl, parameters, again }) {
      const params = { ...checked(parameters), ...(ref && { ref }), ...(sha !== undefined && { sha }) };
      const body = { params, callbackUrl, run: runOf(correlation), idempotencyKey: correlation };
      const started = await service.start(body, { again });
      const { statusUrl, cancelUrl, url } = started;
      return { id: JSON.stringify({ statusUrl, cancelUrl }), ...(url !== undefined && { url }) };
    },

    find: async () => undefined,

    async look({ id }) {
      const { statusUrl } = handleOf(id);
      return statusUrl === undefined ? { outcome: undefined, conclusion: 'not told' } : service.look(statusUrl);
    },

    async cancel({ id, correlation }) {
      await service.end(handleOf(id).cancelUrl, correlation);
    },

    abandon: (correlation) => service.abandon(correlation),

    check: async () => undefined,
  };
}

/**
 * Returns whether a service says that a request conflicts with what it does: with the first of the same key, for one that is sent again.
 *
 * Source: https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header, section 2.6
 */
function isConflict(error: unknown): error is RequestError {
  return error instanceof RequestError && error.status === 409;
}

/** Returns why an answer with 2xx is none that can be read, but may have started something; undefined for all else. */
function unusableAnswer(error: unknown): RemoteCiError | undefined {
  if (error instanceof RequestError && error.kind === 'too large') return new RemoteCiError('refused', error.message);
  return error instanceof RemoteCiError && error.status !== undefined && error.status < 300 ? error : undefined;
}

/** Returns the run of a build, whose id ours begins with. */
function runOf(correlation: string): string {
  return correlation.slice(0, correlation.lastIndexOf('/'));
}

/** Escapes what is not ASCII, for a header: a workflow id, and so the key, may hold any character. */
function inAscii(idempotencyKey: string): string {
  return idempotencyKey.replace(/[^\x21-\x7e]/gu, encodeURIComponent);
}

/** Parses the answer to the start. It may be empty, but must not be malformed. */
function readStarted(json: unknown): StartedBuild {
  const answer = startedSchema.safeParse(json ?? {});
  if (!answer.success) {
    const problems = answer.error.issues.map((issue) => `${issue.path.join('.') || 'the body'}: ${issue.message}`);
    throw new RemoteCiError(
      'refused',
      `started with an answer that can't be used: ${problems.join('; ').slice(0, 500)}`,
    );
  }
  const { id, statusUrl, cancelUrl, url } = answer.data;
  return { ...(id && { id }), ...(statusUrl && { statusUrl }), ...(cancelUrl && { cancelUrl }), ...(url && { url }) };
}

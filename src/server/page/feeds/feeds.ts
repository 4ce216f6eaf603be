import { createHash } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import { sharedAnswers } from '../../../async/shared-answer.js';
import { runPath } from '../../../runs/run-path.js';
import type { Answers } from '../../api/answers.js';
import type { ListedRun } from '../../api/contract.js';
import { type FeedScope, feedPath } from '../../api/feed-keys.js';
import type { PublicRuns } from '../../api/public-runs.js';
import { HttpError } from '../../http/http-error.js';
import { sendText } from '../../http/send-json.js';
import { automationPath } from '../paths.js';
import { createVisitorRoom } from '../visitor-room.js';
import { atomFeed } from './atom.js';
import { type BadgeWord, badgeImage } from './badge-image.js';
import { ccXml } from './cc-xml.js';
import type { FeedAccess } from './feed-access.js';
import { limitPublicQueries } from './limit-public-queries.js';

/** What {@link createFeeds} works with. */
export interface FeedsDeps {
  readonly answers: Answers;
  /** Tells by what somebody may read. */
  readonly accessOf: (req: Request, scope: FeedScope) => FeedAccess;
  readonly publicRuns: PublicRuns;
  /** How others reach the server. */
  readonly publicUrl: string | undefined;
}

/** Of ended runs: of some of them somebody has edited the payload. */
const LOOKED_AT = 20;
const ENTRIES = 30;
const FRESH_MS = 10_000;
/** Badges that are looked for lately. */
const MAX_BADGES = 500;
/** Of those who read what is public, at a time. */
const PUBLIC_AT_ONCE = 8;
/** How long others may show a badge that has changed, in seconds. */
const BADGE_SECONDS = 30;

/** Creates the routes of what programs read that can't sign in by a form: badges, feeds, and what build monitors read. */
export function createFeeds({ answers, accessOf, publicRuns, publicUrl }: FeedsDeps): Router {
  const router = Router({ caseSensitive: true });
  const within = createVisitorRoom();
  const withinPublic = createVisitorRoom(PUBLIC_AT_ONCE);
  const inRoom = <T>(access: FeedAccess, work: () => Promise<T>) =>
    access === 'none' ? withinPublic(access, work) : within(access, work);

  const look = async (query: Readonly<Record<string, unknown>>) => (await answers.runs({ query })).runs;
  const looks = sharedAnswers((named) => look(JSON.parse(named)), { freshMs: FRESH_MS, most: MAX_BADGES });
  const queryPublic = limitPublicQueries({ look, freshMs: FRESH_MS });

  router.get('/badges/:file', async (req, res) => {
    const [, automation] = /^(.+)\.svg$/s.exec(req.params.file) ?? [];
    if (automation === undefined) throw new HttpError(404, 'a badge is at /badges/<automation>.svg');
    const scope = scopeOf(req, { kind: 'badge', automation });
    const access = accessOf(req, scope);
    const run = await inRoom(access, async () => {
      // Whoever may see nothing is told the same of what there is and of what there is not.
      if (access === 'none' && !publicRuns.any) return undefined;
      const { repository, branch } = scope;
      const asked = { automation, repository, branch, pullRequests: 'false', edited: 'false' };
      const query = { ...asked, ended: 'true', outcome: 'counted', limit: LOOKED_AT };
      if (access !== 'none') return (await looks(JSON.stringify(query)))[0];
      return (await queryPublic(inOneCase(query), (runs) => publicOf(runs.slice(0, 1))))[0];
    });
    sendBadge(req, res, {
      image: badgeImage(automation, wordOf(run)),
      isForAll: access === 'key' || access === 'none',
    });
  });

  router.get('/automations/:name/feed.atom', async (req, res) => {
    const automation = req.params.name;
    const scope = scopeOf(req, { kind: 'feed', automation });
    const access = accessOf(req, scope);
    const { repository, branch } = scope;
    const runs = await inRoom(access, async () => {
      if (access === 'none' && !publicRuns.any) throw asksForToken();
      const query = { automation, repository, branch, ended: 'true', edited: 'false', limit: ENTRIES };
      if (access !== 'none') {
        const found = await look(query);
        return found.length > 0 || (await isLoaded(automation)) ? found : undefined;
      }
      const open = await queryPublic(inOneCase(query), publicOf);
      if (open.length === 0) throw asksForToken();
      return open;
    });
    if (!runs) throw new HttpError(404, 'there is no automation of this name');
    const base = baseOf(req);
    const text = atomFeed({
      title: [automation, repository, branch].filter((one) => one !== undefined).join(' '),
      runs,
      self: `${base}${feedPath(scope)}${queryOf({ repository, branch })}`,
      page: `${base}${automationPath(automation)}`,
      urlOf: (run) => `${base}${runPath(run)}`,
    });
    sendText(req, res, {
      status: 200,
      headers: { ...XML, 'content-type': 'application/atom+xml; charset=utf-8' },
      text,
    });
  });

  router.get('/cc.xml', async (req, res) => {
    const scope = scopeOf(req, { kind: 'monitor', automation: textOf(req.query.automation) });
    const access = accessOf(req, scope);
    if (access === 'none') throw asksForToken();
    const { kind: _, ...query } = scope;
    const { projects } = await within(access, () => answers.projects({ query }));
    const base = baseOf(req);
    const text = ccXml(projects, (run) => `${base}${runPath(run)}`);
    sendText(req, res, { status: 200, headers: { ...XML, 'content-type': 'application/xml; charset=utf-8' }, text });
  });

  const publicOf = async (runs: readonly ListedRun[]) => {
    const open = await Promise.all(runs.map(({ run }) => publicRuns.has(run)));
    return runs.filter((_, index) => open[index]);
  };
  const isLoaded = async (automation: string) =>
    (await answers.automations({ query: {} })).automations.some(({ name }) => name === automation);
  /** Programs need whole addresses. Without a public one, it is the one by which they ask. */
  const baseOf = ({ headers: { host = 'localhost' } }: Request) => publicUrl ?? `http://${host}`;

  return router;
}

const XML = { vary: 'Authorization, Cookie' };

function scopeOf({ query }: Request, of: Pick<FeedScope, 'kind' | 'automation'>): FeedScope {
  return { ...of, repository: textOf(query.repository), branch: textOf(query.branch) };
}

/** A repository's name is taken in any case: all ways to write it are one question. */
function inOneCase<Q extends { readonly repository: string | undefined }>(query: Q): Q {
  return { ...query, repository: query.repository?.toLowerCase() };
}

/** What is empty, or there more than once, is not said. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function queryOf(query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return given.length > 0 ? `?${new URLSearchParams(given)}` : '';
}

function wordOf(run: ListedRun | undefined): BadgeWord {
  return run?.outcome ?? 'unknown';
}

/** Feed readers and build monitors answer by asking for a name and a password: the name may be any. */
function asksForToken(): HttpError {
  return new HttpError(
    401,
    'use the address with its key, which "npx hookyard feeds" prints, or the API token as password',
    {
      'www-authenticate': 'Basic realm="Hookyard", charset="UTF-8"',
    },
  );
}

/** `isForAll`: whoever has the address is sent the same, from whatever site it is shown on. */
function sendBadge(
  req: Request,
  res: Response,
  { image, isForAll }: { readonly image: string; readonly isForAll: boolean },
): void {
  const etag = `"${createHash('sha256').update(image).digest('base64url').slice(0, 22)}"`;
  const headers = {
    'content-type': 'image/svg+xml; charset=utf-8',
    'cache-control': isForAll ? `public, max-age=${BADGE_SECONDS}` : 'private, no-cache',
    vary: 'Authorization, Cookie',
    etag,
    ...(isForAll && { 'cross-origin-resource-policy': 'cross-origin' }),
  };
  const known = (req.headers['if-none-match'] ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  if (known.includes(etag) || known.includes('*')) return void res.writeHead(304, headers).end();
  sendText(req, res, { status: 200, headers, text: image });
}

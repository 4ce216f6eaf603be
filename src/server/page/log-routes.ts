import { Router } from 'express';
import type { Answers } from '../api/answers.js';
import { ANYBODY, type ForAll } from './for-all.js';
import type { WhoMay } from './sign-in/who-may.js';
import type { VisitorRoom } from './visitor-room.js';

/** What {@link createLogRoutes} works with. */
export interface LogRoutesDeps {
  readonly answers: Answers;
  readonly whoMay: WhoMay;
  readonly forAll: ForAll;
  /** Of those who have signed in. */
  readonly within: VisitorRoom;
}

/** Creates the routes of logs that are no views: all of one as text, and one as it comes. */
export function createLogRoutes({ answers, whoMay, forAll, within }: LogRoutesDeps): Router {
  const routes = Router({ caseSensitive: true });
  routes.get('/logs/text', async (req, res) => {
    const visitor = whoMay.named(req);
    const send = () => answers.sendLogText({ query: req.query }, res);
    if (visitor) return within(visitor.who, send);
    await forAll.mustBePublic(req.query.run);
    return forAll.download(send);
  });
  routes.get('/logs/live', async (req, res) => {
    const visitor = whoMay.named(req);
    if (!visitor) await forAll.mustBePublic(req.query.run);
    const by = visitor?.who ?? ANYBODY;
    return answers.followLog({ query: req.query, by, lastEventId: req.get('last-event-id') }, res);
  });
  return routes;
}

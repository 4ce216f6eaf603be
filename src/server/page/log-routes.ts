import { Router } from 'express';
import type { Answers } from '../api/answers.js';
import type { PeerOf } from '../http/peer.js';
import { ANYBODY, type ForAll } from './for-all.js';
import type { WhoMay } from './sign-in/who-may.js';
import type { VisitorRoom } from './visitor-room.js';

/** What {@link createLogRoutes} works with. */
export interface LogRoutesDeps {
  readonly answers: Answers;
  readonly whoMay: WhoMay;
  readonly forAll: ForAll;
  readonly peerOf: PeerOf;
  /** Of those who have signed in. */
  readonly within: VisitorRoom;
}

/** Creates the routes of logs that are no views: all of one as text, and one as it comes. */
export function createLogRoutes({ answers, whoMay, forAll, peerOf, within }: LogRoutesDeps): Router {
  const routes = Router({ caseSensitive: true });
  routes.get('/logs/text', async (req, res) => {
    const visitor = whoMay.named(req);
    const send = () => answers.sendLogText({ query: req.query }, res);
    if (visitor) return within(visitor.who, send);
    const peer = peerOf(req);
    await forAll.mustBePublic(peer, req.query.run);
    return forAll.download(peer, send);
  });
  routes.get('/logs/live', async (req, res) => {
    const visitor = whoMay.named(req);
    const by = visitor?.who ?? ANYBODY;
    const follow = () => answers.followLog({ query: req.query, by, lastEventId: req.get('last-event-id') }, res);
    if (visitor) return follow();
    const peer = peerOf(req);
    await forAll.mustBePublic(peer, req.query.run);
    return forAll.follow(peer, res, () => {
      // Temporal is asked whether its run goes on.
      forAll.mayAsk(peer);
      return follow();
    });
  });
  return routes;
}

import { Router } from 'express';
import type { Answers } from '../api/answers.js';
import { signInFirst, type WhoMay } from './sign-in/who-may.js';
import type { VisitorRoom } from './visitor-room.js';

/** What {@link createArtifactRoutes} works with. */
export interface ArtifactRoutesDeps {
  readonly answers: Answers;
  readonly whoMay: WhoMay;
  /** Of those who have signed in. */
  readonly within: VisitorRoom;
}

/** Creates the route of what runs have kept, as files to be saved: for those alone who have signed in, also where logs are public. */
export function createArtifactRoutes({ answers, whoMay, within }: ArtifactRoutesDeps): Router {
  const routes = Router({ caseSensitive: true });
  routes.get('/artifacts', (req, res) => {
    const { who } = whoMay.named(req) ?? signInFirst();
    return within(who, () => answers.sendArtifact({ query: req.query }, res));
  });
  return routes;
}

import { Router } from 'express';
import { HttpError } from '../http/http-error.js';
import { sendText } from '../http/send-json.js';
import type { Assets } from './assets.js';

const YEAR_SECONDS = 31_536_000;

/** Creates the route of the files that pages load: browsers keep them, since their names change with them, and are sent them compressed. */
export function createAssetRoutes(assets: Pick<Assets, 'find'>): Router {
  const routes = Router({ caseSensitive: true });
  routes.get('/assets/:name', (req, res) => {
    const found = assets.find(String(req.params.name));
    if (!found) throw new HttpError(404, 'there is no such file');
    const headers = {
      'content-type': found.type,
      'cache-control': `public, max-age=${YEAR_SECONDS}, immutable`,
      vary: 'accept-encoding',
    };
    // Only these are compressed: pages hold what a sender chose beside tokens of forms, whose lengths would tell of them.
    if (req.acceptsEncodings('gzip'))
      sendText(req, res, { status: 200, headers: { ...headers, 'content-encoding': 'gzip' }, text: found.gzipped });
    else sendText(req, res, { status: 200, headers, text: found.text });
  });
  return routes;
}

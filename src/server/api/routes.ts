import type { Route } from './route.js';
import { automationRoutes } from './routes/automations.js';
import { cacheRoutes } from './routes/caches.js';
import { deliveryRoutes } from './routes/deliveries.js';
import { feedRoutes } from './routes/feeds.js';
import { installationRoutes } from './routes/installation.js';
import { laneRoutes } from './routes/lanes.js';
import { logRoutes } from './routes/logs.js';
import { runRoutes } from './routes/runs.js';

/** All routes of the API, by what they are about: the router and the OpenAPI document are made from these. */
export const ROUTES: Readonly<Record<string, readonly Route[]>> = {
  installation: installationRoutes,
  deliveries: deliveryRoutes,
  runs: runRoutes,
  logs: logRoutes,
  automations: automationRoutes,
  lanes: laneRoutes,
  caches: cacheRoutes,
  feeds: feedRoutes,
};

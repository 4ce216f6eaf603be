import type { View } from '../view.js';
import { automation } from './automation.js';
import { automations } from './automations.js';
import { deliveries } from './deliveries.js';
import { delivery } from './delivery.js';
import { edit } from './edit.js';
import { home } from './home.js';
import { lanes } from './lanes.js';
import { log } from './log.js';
import { outbound } from './outbound.js';
import { run } from './run.js';
import { runs } from './runs.js';
import { sources } from './sources.js';

/** All views, in the order of the navigation. Of two that an address fits, the first is shown. */
export const VIEWS: readonly View[] = [
  home,
  deliveries,
  delivery,
  edit,
  runs,
  log,
  run,
  lanes,
  automations,
  automation,
  sources,
  outbound,
];

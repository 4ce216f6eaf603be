import { acceptance } from './acceptance.mjs';
import { automations } from './automations.mjs';
import { busy } from './busy.mjs';
import { drain } from './drain.mjs';
import { endToEnd } from './end-to-end.mjs';
import { footprint } from './footprint.mjs';
import { inbox } from './inbox.mjs';
import { jobs } from './jobs.mjs';
import { output } from './output.mjs';
import { page } from './page.mjs';

/** In the order in which they are run. */
export const parts = {
  acceptance: { about: 'a to d. deliveries answered a second, at 1, 32 and 128 connections', run: acceptance },
  'end-to-end': { about: 'e. POST to first activity, and runs completed a second', run: endToEnd },
  drain: { about: 'f. a backlog is started, alone and under load', run: drain },
  footprint: { about: 'g. memory and start-up time', run: footprint },
  automations: { about: 'h. 200 automations against 1', run: automations },
  busy: { about: 'k. answers while jobs want every core', run: busy },
  output: { about: 'm. a step that prints 100 MB as fast as it can', run: output },
  jobs: { about: 'l. delivery to first output, and checkouts', run: jobs },
  page: { about: 'n. the page: a run, lists of 1,000,000 deliveries, a long log, 200 viewers', run: page },
  inbox: { about: 'i. flat with 1,000,000 stored deliveries', run: inbox },
};

import type { Answers } from '../../../src/server/api/answers.js';
import type { Around } from '../../../src/server/page/context.js';
import { document } from '../../../src/server/page/document.js';
import { VIEWS } from '../../../src/server/page/views/index.js';
import * as samples from './sample-answers.js';

/** What is around the views that are tried. */
export const around: Around = {
  ...{ base: '/hooks', path: '/deliveries', query: { text: 'x' }, now: Date.parse('2026-11-24T08:06:00Z') },
  visitor: { who: 'anna', role: 'operator', how: 'oidc' },
  assets: {
    style: '/assets/page.css',
    script: '/assets/page.js',
    modules: ['/assets/keys.js'],
    icon: '/assets/icon.svg',
    logStyle: '/assets/log.css',
    logScript: '/assets/log.js',
  },
  navigation: [{ path: '/', title: 'Home', keys: 'g h' }],
  newKey: () => 'a-key-of-its-own',
};

/** The answer that each view is shown with. Every view has one: else it would be tried with nothing. */
export const ANSWERS: Readonly<Record<string, unknown>> = {
  '/': samples.overview,
  '/deliveries': samples.deliveries,
  '/deliveries/:id': samples.shown,
  '/deliveries/:id/edit': samples.edited,
  '/runs': samples.runList,
  '/runs/*id': samples.wholeRun,
  '/lanes': samples.laneList,
  '/sources': samples.sourceList,
  '/outbound': samples.outboundList,
  '/automations': samples.automationList,
  '/automations/:id': samples.oneAutomation,
  '/runs/*id/logs/:part': samples.log,
};

/** Answers whatever it is asked with the one answer. */
const answering = (answer: unknown) => new Proxy({}, { get: () => async () => answer }) as Answers;

/** Returns the page of a view with an answer, as `at` says what is around it. Throws where there is no such view. */
export async function shown(path: string, answer: unknown, at: Partial<Around> = {}): Promise<string> {
  const view = VIEWS.find((one) => one.path === path);
  const opened = await view?.open(answering(answer), {
    id: 'x',
    part: 'y',
    query: at.query ?? around.query,
    who: 'anna',
  });
  if (!opened) throw new Error(`nothing was opened at ${path}`);
  return String(document(opened.show(), { ...around, path, ...at }).text);
}

import type { ListedRun } from '../../api/contract.js';
import { plainName } from '../../plain-name.js';
import { element, type Xml, xmlDocument } from './xml.js';

/** A feed of runs that have ended, the latest first. */
export interface RunFeed {
  readonly title: string;
  readonly runs: readonly ListedRun[];
  /** Address of the feed itself, without a key: it is its id too. */
  readonly self: string;
  /** Address of the page that shows the same. */
  readonly page: string;
  /** Returns the address of a run's page. */
  readonly urlOf: (run: string) => string;
}

/** In characters: of a title. */
const MAX_TITLE = 300;
/** Of a feed in which nothing is. */
const NEVER = '1970-01-01T00:00:00.000Z';

/** Returns an Atom feed: https://www.rfc-editor.org/rfc/rfc4287. */
export function atomFeed({ title, runs, self, page, urlOf }: RunFeed): string {
  const root = element(
    'feed',
    { xmlns: 'http://www.w3.org/2005/Atom' },
    element('id', {}, self),
    element('title', {}, plainName(title, MAX_TITLE)),
    element('updated', {}, runs[0] ? timeOf(runs[0]) : NEVER),
    element('author', {}, element('name', {}, 'Hookyard')),
    element('link', { rel: 'self', type: 'application/atom+xml', href: self }),
    element('link', { rel: 'alternate', type: 'text/html', href: page }),
    ...runs.map((run) => entry(run, urlOf(run.run))),
  );
  return xmlDocument(root);
}

/** Temporal's id of a run is a UUID, which no other run has. */
function entry(run: ListedRun, url: string): Xml {
  const { runId, automation, startedAt, outcome = run.status } = run;
  const title = [automation, outcome, subjectOf(run)].filter((one) => one !== '').join(' · ');
  return element(
    'entry',
    {},
    element('id', {}, `urn:uuid:${runId}`),
    element('title', {}, plainName(title, MAX_TITLE)),
    element('updated', {}, timeOf(run)),
    element('published', {}, startedAt),
    element('link', { rel: 'alternate', type: 'text/html', href: url }),
    element('category', { term: outcome }),
    element('summary', {}, plainName(`${title}. It took ${secondsOf(run)} s.`, 2 * MAX_TITLE)),
  );
}

function subjectOf({ repository, branch, commit, pullRequest }: ListedRun): string {
  const about = pullRequest === undefined ? branch : `pull request ${pullRequest}`;
  return [repository, about, commit?.slice(0, 7)].filter((one) => one !== undefined).join(' ');
}

function timeOf({ endedAt, startedAt }: ListedRun): string {
  return endedAt ?? startedAt;
}

function secondsOf(run: ListedRun): number {
  return Math.max(0, Math.round((Date.parse(timeOf(run)) - Date.parse(run.startedAt)) / 1_000));
}

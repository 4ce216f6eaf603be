import { valueWithin } from '../../async/deadline.js';
import { sharedAnswer, sharedAnswers } from '../../async/shared-answer.js';
import type { Source } from '../../providers/source.js';
import type { DeliveryRecord } from '../../store/store.js';
import type { FailedDelivery, ShownSource, SourceFinding, SourceOverview, SourcesAnswer } from './contract.js';
import { warn } from './findings/finding.js';
import { limitFindings } from './findings/limit-findings.js';
import { schemeFindings } from './findings/scheme-findings.js';
import { type NamedPage, namedPage } from './named-page.js';
import { lastLooks, type OverviewDeps, sourcesOf, withLook } from './overview.js';

/** What {@link createSourcesAnswer} asks. */
export type SourcesDeps = Pick<OverviewDeps, 'client' | 'uiUrl' | 'taskQueue' | 'config' | 'store' | 'refused'> & {
  /** How a source's deliveries are verified; undefined for one that is not configured. */
  readonly verifiedBy: (source: string) => string | undefined;
};

const FAILED = 5;
const FRESH_MS = 2_000;
/** Pages of them that are looked at lately. */
const MAX_PAGES = 50;
/** What Temporal has not told by then is left out. */
const DEADLINE_MS = 1_500;

/**
 * Returns what tells of a page of sources. All who ask for the same one within two seconds share an answer, and all pages what Temporal
 * tells.
 */
export function createSourcesAnswer(deps: SourcesDeps): (asked: NamedPage) => Promise<SourcesAnswer> {
  const looked = sharedAnswer(() => lastLooks(deps), FRESH_MS);
  const shared = sharedAnswers(
    async (asked) => {
      const names = Object.keys(deps.config.sources).map((name) => ({ name }));
      const { page, next } = namedPage(names, JSON.parse(asked));
      const [sources, looks] = await Promise.all([
        sourcesOf(
          deps,
          page.map(({ name }) => name),
        ),
        valueWithin(DEADLINE_MS, looked()),
      ]);
      const all = await Promise.all(sources.map((source) => shown(deps, withLook(source, looks))));
      return { sources: all, ...(next !== undefined && { next }) };
    },
    { freshMs: FRESH_MS, most: MAX_PAGES },
  );
  return (asked) => shared(JSON.stringify(asked));
}

async function shown(deps: SourcesDeps, source: SourceOverview): Promise<ShownSource> {
  const { name } = source;
  const verifiedBy = deps.verifiedBy(name) ?? '';
  const failed = await deps.store.inbox.list({ source: name, failed: true, limit: FAILED });
  return {
    ...source,
    verifiedBy: verifiedBy.replaceAll('`', ''),
    failed: failed.map(failedOf),
    findings: findingsOf(deps, source, verifiedBy),
  };
}

function failedOf({ id, receivedAt, eventName, dispatches }: DeliveryRecord): FailedDelivery {
  const error = dispatches.find(({ state }) => state === 'failed')?.error;
  return { id, receivedAt, eventName, ...(error !== undefined && { error }) };
}

function findingsOf(
  { config, refused }: SourcesDeps,
  { name, enabled, lastDelivery }: SourceOverview,
  verifiedBy: string,
): SourceFinding[] {
  const limited = refused(name);
  const nothing = warn(
    'nothing that could be verified has come in',
    `npx hookyard doctor ${name} says why that may be`,
  );
  return [
    ...schemeFindings(name, config.sources[name] as Source, verifiedBy),
    ...limitFindings(name, limited ? { limited } : {}),
    ...(lastDelivery || !enabled ? [] : [nothing]),
  ];
}

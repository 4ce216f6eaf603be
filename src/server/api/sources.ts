import { valueWithin } from '../../async/deadline.js';
import { sharedAnswer } from '../../async/shared-answer.js';
import type { Source } from '../../providers/source.js';
import type { DeliveryRecord } from '../../store/store.js';
import type { FailedDelivery, ShownSource, SourceFinding, SourceOverview, SourcesAnswer } from './contract.js';
import { warn } from './findings/finding.js';
import { limitFindings } from './findings/limit-findings.js';
import { schemeFindings } from './findings/scheme-findings.js';
import { lastLooks, type OverviewDeps, sourcesOf, withLook } from './overview.js';

/** What {@link createSourcesAnswer} asks. */
export type SourcesDeps = Pick<OverviewDeps, 'client' | 'uiUrl' | 'taskQueue' | 'config' | 'store' | 'refused'> & {
  /** How a source's deliveries are verified; undefined for one that is not configured. */
  readonly verifiedBy: (source: string) => string | undefined;
};

const FAILED = 5;
const FRESH_MS = 2_000;
/** What Temporal has not told by then is left out. */
const DEADLINE_MS = 1_500;

/** Returns what tells of all sources. All who ask within two seconds share an answer. */
export function createSourcesAnswer(deps: SourcesDeps): () => Promise<SourcesAnswer> {
  return sharedAnswer(async () => {
    const [sources, looks] = await Promise.all([sourcesOf(deps), valueWithin(DEADLINE_MS, lastLooks(deps))]);
    return { sources: await Promise.all(sources.map((source) => shown(deps, withLook(source, looks)))) };
  }, FRESH_MS);
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

import type { Config } from '../../../config/config.js';
import type { KnownSources } from '../../../providers/known-sources.js';
import type { Store } from '../../../store/store.js';
import type { Automation } from '../../../triggers/automation.js';
import type { SourceLimit } from '../../source-limit.js';
import type { FeedKeys } from '../feed-keys.js';
import type { OverviewDeps } from '../overview.js';
import type { ReconcileDeps } from '../reconcile.js';
import type { RunStateDeps } from '../run-state.js';
import type { StuckRounds } from '../stuck/scan-for-stuck-runs.js';
import type { Acts } from './acts.js';

/** What {@link createAnswers} works with. */
export interface AnswersDeps extends RunStateDeps, ReconcileDeps, Omit<OverviewDeps, 'builtIn' | 'acts'> {
  /** How a source's deliveries are verified; undefined for one that is not configured. */
  readonly verifiedBy: (source: string) => string | undefined;
  /** What this server has refused of a source for its limit, lately. */
  readonly refused: SourceLimit['refused'];
  readonly config: Pick<Config, 'data' | 'storage' | 'artifacts' | 'sources' | 'temporal' | 'inbox'>;
  readonly sources: KnownSources;
  readonly store: Pick<Store, 'inbox' | 'lanes' | 'waits' | 'logs' | 'records' | 'forgetting' | 'attempts'>;
  readonly automations: () => readonly Automation[];
  readonly feedKeys: FeedKeys;
  readonly rounds?: StuckRounds;
  /** How others reach the server. */
  readonly publicUrl: string | undefined;
  /** Called when there is something to start. */
  readonly wake: () => void;
  /** Aborted when the server stops: nobody is sent anything more then. */
  readonly stopping?: AbortSignal | undefined;
}

/** What the answers of one subject work with. */
export interface SharedDeps extends AnswersDeps {
  /** Does what takes the store's time when it is its turn. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  readonly acts: Acts;
  /** Returns the workflow types that come with Hookyard. */
  readonly builtIn: () => readonly string[];
}

import { setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { plain } from '../../events/markdown.js';
import { truncate } from '../../events/truncate.js';

/** The result of a run, as the Temporal UI shows it. */
export interface RunResult {
  /**
   * `failed`: one of its builds did not pass, though the run itself may have done everything. `skipped`: its function
   * was not called.
   */
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped. */
  readonly because?: string;
  /** It was skipped because there was nothing to do. */
  readonly filtered?: boolean;
  readonly steps: readonly { readonly what: string; readonly outcome: StepOutcome }[];
  /** What went wrong and why, 20 at most: a status that the provider refused does not fail a run. */
  readonly troubles?: readonly string[];
}

/** The state of a step. */
export type StepOutcome = 'running' | 'passed' | 'failed' | 'cancelled' | 'error';

/** A step that has begun. */
export interface ProgressStep {
  /**
   * Ends the step, or updates one that is `running`. `detail`: Markdown; payload text goes through `plain`.
   */
  end(outcome: StepOutcome, detail?: string, more?: StepMore): void;
  /** Ends the step as `error`. `because` is plain text, and becomes one of the run's troubles. */
  fail(because: string): void;
}

/** What there is to say of a step that ended, beside its detail. */
export interface StepMore {
  /** Markdown below the detail; left out where many steps have one. */
  readonly block?: string;
  /** Why it did not pass: plain text, which may have several lines. */
  readonly because?: string;
}

interface Entry {
  what: string;
  outcome: StepOutcome;
  detail: string;
  block: string;
  /** What went wrong beside the build itself. */
  trouble?: string;
  because?: string;
  /** A build decides whether the run passed; a notification does not. */
  decides: boolean;
}

const MARKS: Record<StepOutcome, string> = { running: '⏳', passed: '✅', failed: '❌', cancelled: '🚫', error: '⚠️' };
/** Keeps the details far below Temporal's limit of 20 kB. */
const MAX_ENTRIES = 100;
/** In characters, all blocks together. */
const MAX_BLOCKS = 8_000;
/** In characters: of the first failure, which Temporal lists. */
const MAX_FAILURE = 2_500;
/** Keep the result of a run small. */
const MAX_TROUBLES = 20;
const MAX_TROUBLE = 500;

/** Module state: the workflow sandbox gives each run its own. */
const entries: Entry[] = [];
const pending = new Set<Promise<unknown>>();

/**
 * The run's progress: every step with its state and links, shown as the workflow's current details in the Temporal UI;
 * and the work that the run waits for at its end.
 */
export const progress = {
  /** Adds a step that begins now. `decides`: the run fails unless the step passes. */
  step(what: string, { decides = false } = {}): ProgressStep {
    const entry: Entry = { what, outcome: 'running', detail: '', block: '', decides };
    entries.push(entry);
    this.publish();
    const end: ProgressStep['end'] = (outcome, detail = '', { block = '', because } = {}) => {
      Object.assign(entry, { outcome, detail, block, because });
      this.publish();
    };
    return {
      end,
      fail(because) {
        entry.trouble = because;
        end('error', plain(because), { because });
      },
    };
  },

  /** Lets `work`, which must not reject, go on in the background; `drained` waits for it. */
  background(work: Promise<unknown>): void {
    const tracked: Promise<unknown> = work.finally(() => pending.delete(tracked));
    pending.add(tracked);
  },

  /**
   * Makes `work` a part of the run and returns it: `drained` waits for it also where the author does not, and then
   * a failure shows in its step alone.
   */
  track<T>(work: Promise<T>): Promise<T> {
    this.background(
      work.then(
        () => undefined,
        () => undefined,
      ),
    );
    return work;
  },

  /** Returns whether `drained` has anything to wait for. */
  isPending: (): boolean => pending.size > 0,

  /** Waits until everything in the background has ended, also what begins meanwhile. */
  async drained(): Promise<void> {
    while (pending.size > 0) await Promise.all(pending);
  },

  /** Returns the run's result, by the steps that decide. */
  result(): RunResult {
    const failed = entries.some((entry) => entry.decides && entry.outcome !== 'passed');
    const troubles = entries.flatMap(({ what, trouble }) => (trouble === undefined ? [] : [`${what}: ${trouble}`]));
    return {
      outcome: failed ? 'failed' : 'passed',
      steps: entries.slice(0, MAX_ENTRIES).map(({ what, outcome }) => ({ what, outcome })),
      ...(troubles.length > 0 && {
        troubles: troubles.slice(0, MAX_TROUBLES).map((trouble) => truncate(trouble, MAX_TROUBLE)),
      }),
    };
  },

  /** Returns which deciding step is the first that did not pass, and why, in words of several lines; undefined if all have. */
  failure(): { readonly what: string; readonly because: string } | undefined {
    const first = entries.find((entry) => entry.decides && entry.outcome !== 'passed');
    return first && { what: first.what, because: truncate(first.because ?? first.outcome, MAX_FAILURE) };
  },

  /** Shows the steps in the Temporal UI. */
  publish(): void {
    let room = MAX_BLOCKS;
    const lines = entries
      .slice(-MAX_ENTRIES)
      .reverse()
      .map(({ what, outcome, detail, block }) => {
        room -= block.length;
        const shown = block && room >= 0 ? `\n${block}\n` : '';
        return `- ${MARKS[outcome]} ${plain(what)}${detail && `: ${detail}`}${shown}`;
      })
      .reverse();
    setCurrentDetails(
      lines.length > 0 ? lines.join('\n') : `- ${MARKS.running} ${plain(workflowInfo().workflowType)} begins`,
    );
  },
};

import { setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { plain } from '../../events/markdown.js';

/** What a run comes to, as its result in the Temporal UI. */
export interface RunResult {
  /**
   * `failed`: a build of it did not pass. The run itself may have done all it was to do. `skipped`: its function was not
   * called.
   */
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped; `filtered`: because there was nothing to do. */
  readonly because?: string;
  readonly filtered?: boolean;
  readonly steps: readonly { readonly what: string; readonly outcome: StepOutcome }[];
}

export type StepOutcome = 'running' | 'passed' | 'failed' | 'cancelled' | 'error';

export interface StoryStep {
  /** The step's end, with what there is to say of it (Markdown; payload text goes through `plain`). */
  end(outcome: StepOutcome, said?: string): void;
}

interface Entry {
  what: string;
  outcome: StepOutcome;
  said: string;
  /** A build decides whether the run passed; a notification does not. */
  decides: boolean;
}

const MARKS: Record<StepOutcome, string> = { running: '⏳', passed: '✅', failed: '❌', cancelled: '🚫', error: '⚠️' };
/** The details stay far below Temporal's limit of 20 kB. */
const MAX_ENTRIES = 100;

/**
 * The run as told in the Temporal UI: every step with its state and links, in the workflow's current details. Module
 * state is a run's own in the workflow sandbox.
 */
const entries: Entry[] = [];
const underWay = new Set<Promise<unknown>>();

export const story = {
  /** Adds a step that begins now. */
  begin(what: string, { decides = false } = {}): StoryStep {
    const entry: Entry = { what, outcome: 'running', said: '', decides };
    entries.push(entry);
    this.tell();
    return {
      end: (outcome, said = '') => {
        Object.assign(entry, { outcome, said });
        this.tell();
      },
    };
  },

  /** Lets something finish beside the run; {@link settled} waits for it. It must not throw. */
  beside(work: Promise<unknown>): void {
    const tracked: Promise<unknown> = work.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  },

  /**
   * Makes work a part of the run: it is waited for at the end also where the author does not, and then its failure is
   * told by its step. Gives back what it was given.
   */
  partOf<T>(work: Promise<T>): Promise<T> {
    this.beside(
      work.then(
        () => undefined,
        () => undefined,
      ),
    );
    return work;
  },

  /** Whether {@link settled} has anything to wait for. */
  isUnderWay: (): boolean => underWay.size > 0,

  async settled(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay);
  },

  result(): RunResult {
    const failed = entries.some((entry) => entry.decides && entry.outcome !== 'passed');
    return {
      outcome: failed ? 'failed' : 'passed',
      steps: entries.slice(0, MAX_ENTRIES).map(({ what, outcome }) => ({ what, outcome })),
    };
  },

  tell(): void {
    const lines = entries
      .slice(-MAX_ENTRIES)
      .map((entry) => `- ${MARKS[entry.outcome]} ${plain(entry.what)}${entry.said && `: ${entry.said}`}`);
    setCurrentDetails(
      lines.length > 0 ? lines.join('\n') : `- ${MARKS.running} ${plain(workflowInfo().workflowType)} begins`,
    );
  },
};

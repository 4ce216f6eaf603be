import { patched, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { plain } from '../../events/markdown.js';
import { truncate } from '../../events/truncate.js';

/** The result of a run, as the Temporal UI shows it. */
export interface RunResult {
  /**
   * `failed`: one of its builds did not pass, though the run itself may have done everything. `skipped`: its function
   * was not called. Or what its author has said by `outcome`.
   */
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped, or why its author has set the outcome. */
  readonly because?: string;
  /** It was skipped because there was nothing to do. */
  readonly filtered?: boolean;
  readonly steps: readonly { readonly what: string; readonly outcome: StepOutcome }[];
  /** Ids of the runs that listen to its end, and were started by it. */
  readonly startedRuns?: readonly string[];
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
  /** Under which the last result counts. */
  name: string | undefined;
  /** It had ended when the next one of its name began. */
  isOutdone: boolean;
}

/** How the state of a step is shown. */
export const MARKS: Record<StepOutcome, string> = {
  running: '⏳',
  passed: '✅',
  failed: '❌',
  cancelled: '🚫',
  error: '⚠️',
};
/** Keeps the details far below Temporal's limit of 20 kB. */
const MAX_ENTRIES = 100;
/** In characters, all blocks together. */
const MAX_BLOCKS = 8_000;
/** In characters: of the first failure, which Temporal lists. */
const MAX_FAILURE = 2_500;
/** In characters: of what an author says of the outcome. */
const MAX_BECAUSE = 500;
/** Keep the result of a run small. */
const MAX_TROUBLES = 20;
const MAX_TROUBLE = 500;

/** What an author has said of the outcome. */
interface Said {
  readonly outcome: RunResult['outcome'];
  readonly because: string;
}

/** Runs that an older version started fail where any of several results under one name did not pass. */
const LAST_DECIDES = 'last-of-a-name-decides';

/** Module state: the workflow sandbox gives each run its own. */
const entries: Entry[] = [];
const startedRuns: string[] = [];
const pending = new Set<Promise<unknown>>();
let said: Said | undefined;

/** Returns the steps that decide: of results under one name, the last. */
function deciding(): readonly Entry[] {
  const all = entries.filter((entry) => entry.decides);
  const last = all.filter((entry) => !entry.isOutdone);
  const differs = all.some(isRed) && !last.some(isRed);
  return differs && !patched(LAST_DECIDES) ? all : last;
}

function isRed({ outcome }: Entry): boolean {
  return outcome !== 'passed';
}

/**
 * The run's progress: every step with its state and links, shown as the workflow's current details in the Temporal UI;
 * and the work that the run waits for at its end.
 */
export const progress = {
  /**
   * Adds a step that begins now. `decides`: the run fails unless the step passes. `name`: once the step has ended, the next one of
   * this name decides in its place.
   */
  step(what: string, { decides = false, name }: { decides?: boolean; name?: string } = {}): ProgressStep {
    const entry: Entry = { what, outcome: 'running', detail: '', block: '', decides, name, isOutdone: false };
    for (const before of entries)
      if (name !== undefined && before.name === name && before.outcome !== 'running') before.isOutdone = true;
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

  /** Notes a run that was started since it listens to the end of this one. */
  started(run: string): void {
    startedRuns.push(run);
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

  /** Returns the steps that decide, with how they are: of results under one name, the last. */
  decisive(): readonly Pick<Entry, 'what' | 'outcome' | 'detail'>[] {
    return entries.filter((entry) => entry.decides && !entry.isOutdone);
  },

  /** Has the run end with this outcome, whatever its builds have come to; the last that is said counts. `because` is plain text. */
  say(outcome: RunResult['outcome'], because: string): void {
    said = { outcome, because: truncate(because, MAX_BECAUSE) };
  },

  /** Returns what the run's author has said of its outcome; undefined if nothing. */
  said: (): Said | undefined => said,

  /** Returns the run's result, by what its author has said, or else by the steps that decide. */
  result(): RunResult {
    const troubles = entries.flatMap(({ what, trouble }) => (trouble === undefined ? [] : [`${what}: ${trouble}`]));
    return {
      ...(said ?? { outcome: deciding().some(isRed) ? 'failed' : 'passed' }),
      steps: entries.slice(0, MAX_ENTRIES).map(({ what, outcome }) => ({ what, outcome })),
      ...(startedRuns.length > 0 && { startedRuns: startedRuns.slice(0, MAX_ENTRIES) }),
      ...(troubles.length > 0 && {
        troubles: troubles.slice(0, MAX_TROUBLES).map((trouble) => truncate(trouble, MAX_TROUBLE)),
      }),
    };
  },

  /**
   * Returns why the run has failed, in words of several lines: what its author has said, or which deciding step is the first that did
   * not pass, and why. Undefined if it has not.
   */
  failure(): { readonly what: string; readonly because: string } | undefined {
    if (said) return said.outcome === 'failed' ? { what: 'Outcome', because: said.because } : undefined;
    const red = deciding().filter(isRed);
    // What was cancelled because something else failed explains nothing.
    const first = red.find(({ outcome }) => outcome !== 'cancelled') ?? red[0];
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

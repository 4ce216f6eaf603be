import type { PayloadCodec } from '@temporalio/common';
import type {
  ActivityInterceptorsFactory,
  ActivitySlotInfo,
  WorkerOptions,
  WorkflowSlotInfo,
} from '@temporalio/worker';
import { oneAtATime } from './one-at-a-time.js';
import { takingTurns } from './taking-turns.js';
import { type Beside, CODE, type Piece, type WorkNotes } from './work-notes.js';

/** How a worker does the work of authors one piece after the other, each noted before it begins. */
export interface Careful {
  readonly notes: WorkNotes;
  /** How long an activity is at work alone, before other work begins beside it; undefined: until it ends. */
  readonly alone?: Alone | undefined;
}

/** In milliseconds, from its begin. */
export interface Alone {
  /** Until the code of a run begins. */
  readonly beforeCodeMs: number;
  /** Until another activity is taken, of Hookyard's own too. */
  readonly beforeStepsMs: number;
}

/** The options in which careful workers differ from others. */
export interface CarefulOptions {
  /** Of a worker for workflow code, and for the local activities that it calls itself. */
  readonly code: Partial<WorkerOptions>;
  /** Of a worker for activities. */
  readonly steps: Partial<WorkerOptions>;
  /** Notes what the latter is at work on. */
  readonly interceptor: ActivityInterceptorsFactory;
  /** Has the latter ask for no more work, and note nothing. Resolves when it has none. */
  retireSteps(): Promise<void>;
}

/** Local activities are those of the one run that is at work. */
const LOCAL = { type: 'fixed-size', numSlots: 10 } as const;
const UNUSED = { type: 'fixed-size', numSlots: 1 } as const;
const ONE_POLLER = { type: 'simple-maximum', maximum: 1 } as const;
/** Of activities that wait for others most of the time. */
const MAX_STEPS = 50;

/**
 * Returns the options of careful workers. `isAuthors`: whether an activity of this name is an author's; Hookyard's own wait
 * for services for hours, and run beside. `goesOn`: false once the thread of workflow code is lost, and its worker with it:
 * what was at work then stays noted.
 */
export function carefulOptions(
  { notes, alone }: Careful,
  { isAuthors, goesOn }: { isAuthors: (activity: string) => boolean; goesOn: () => boolean },
): CarefulOptions {
  const turns = takingTurns(alone?.beforeCodeMs);
  let code: Piece | undefined;
  let begun: Promise<void> | undefined;
  const begin = async (workflowId: string) => {
    await turns.codeBegins();
    code = { workflowId, at: CODE };
    notes.begins(code);
  };
  const codec: PayloadCodec = {
    encode: async (payloads) => payloads,
    // Without a cache each task begins with the input of its run, which is decoded before its code gets a turn.
    async decode(payloads, context) {
      if (context?.type === 'workflow' && goesOn()) {
        begun ??= begin(context.workflowId);
        await begun;
      }
      return payloads;
    },
  };
  const codeSlots = oneAtATime<WorkflowSlotInfo>({
    alone: () => true,
    atMost: 1,
    onEnd() {
      if (!code || !goesOn()) return;
      notes.ends(code);
      code = undefined;
      begun = undefined;
      turns.codeEnds();
    },
  });
  const stepSlots = oneAtATime<ActivitySlotInfo>({
    alone: ({ activityType }) => isAuthors(activityType),
    aloneMs: alone?.beforeStepsMs,
    atMost: MAX_STEPS,
  });
  let retired = false;
  return {
    code: {
      maxCachedWorkflows: 0,
      enableNonLocalActivities: false,
      dataConverter: { payloadCodecs: [codec] },
      workflowTaskPollerBehavior: ONE_POLLER,
      tuner: {
        workflowTaskSlotSupplier: codeSlots,
        activityTaskSlotSupplier: UNUSED,
        localActivityTaskSlotSupplier: LOCAL,
        nexusTaskSlotSupplier: UNUSED,
      },
    },
    steps: {
      activityTaskPollerBehavior: ONE_POLLER,
      tuner: {
        workflowTaskSlotSupplier: UNUSED,
        activityTaskSlotSupplier: stepSlots,
        localActivityTaskSlotSupplier: UNUSED,
        nexusTaskSlotSupplier: UNUSED,
      },
    },
    interceptor: ({ info }) => ({
      inbound: {
        async execute(input, next) {
          const { activityType: at, activityId: id, workflowExecution } = info;
          if (retired) return next(input);
          if (!workflowExecution || !isAuthors(at)) return noted(notes, 'own', () => next(input));
          const { workflowId, runId } = workflowExecution;
          const piece = { workflowId, runId, at, id };
          const ends = await turns.stepBegins();
          notes.begins(piece);
          try {
            return await next(input);
          } finally {
            ends();
            if (!retired) notes.ends(piece);
          }
        },
      },
    }),
    retireSteps() {
      retired = true;
      turns.end();
      return stepSlots.retire();
    },
  };
}

/** Notes the activities of a worker that has nothing but jobs. */
export function noteJobs({ notes }: Careful): ActivityInterceptorsFactory {
  return () => ({ inbound: { execute: (input, next) => noted(notes, 'jobs', () => next(input)) } });
}

async function noted<T>(notes: WorkNotes, kind: Beside, work: () => Promise<T>): Promise<T> {
  notes.beside(kind, 1);
  try {
    return await work();
  } finally {
    notes.beside(kind, -1);
  }
}

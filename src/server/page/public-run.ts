import { RUN_OUTCOMES } from '../../events/event.js';
import type { TimelineEntry, WholeRunAnswer } from '../api/contract.js';

/**
 * Returns what everybody may see of a public run: what it is about, how it went, its steps, and which jobs have logs. It takes what is
 * known to be harmless and leaves all else out, so that a field which an answer gets later is not shown before somebody has thought
 * of it: what the run returned and why it failed are an author's own and may quote anything; who approved it is nobody's business;
 * deliveries, other runs and Temporal's address lead to what is not public.
 */
export function publicRun({
  run,
  state,
  about,
  jobs,
  timeline,
  timelineIsCut,
  failing,
}: WholeRunAnswer): WholeRunAnswer {
  const outcome = RUN_OUTCOMES.find((one) => one === state.outcome);
  return {
    ...{ run, jobs },
    state: { status: state.status, ...(outcome && { outcome }) },
    ...(about && { about: publicFacts(about) }),
    ...(timeline && { timeline: timeline.flatMap(publicEntry) }),
    ...(timelineIsCut && { timelineIsCut }),
    // It is in the log, which everybody reads.
    ...(failing && { failing: publicLine(failing) }),
  };
}

function publicLine({ job, line, by, step, text }: NonNullable<WholeRunAnswer['failing']>) {
  return { job, line, by, step, text };
}

function publicFacts(about: NonNullable<WholeRunAnswer['about']>): NonNullable<WholeRunAnswer['about']> {
  const { run, runId, automation, status, outcome, repository, branch, commit, pullRequest, startedAt, endedAt } =
    about;
  return {
    ...{ run, runId, automation, status, startedAt },
    ...(outcome !== undefined && { outcome }),
    ...(repository !== undefined && { repository }),
    ...(branch !== undefined && { branch }),
    ...(commit !== undefined && { commit }),
    ...(pullRequest !== undefined && { pullRequest }),
    ...(endedAt !== undefined && { endedAt }),
  };
}

/** What a step came to, and a cache, and where it ran, is in its log too. Other activities call providers, channels and endpoints, and say so when they fail. */
function publicEntry(entry: TimelineEntry): TimelineEntry[] {
  const { kind, name, job, number, line, startedAt, endedAt, state, step, runner, caches } = entry;
  if (kind === 'activity' || kind === 'status') return [];
  const shown = {
    ...{ kind, name, startedAt, state },
    ...(job !== undefined && { job }),
    ...(number !== undefined && { number }),
    ...(line !== undefined && { line }),
    ...(endedAt !== undefined && { endedAt }),
    ...(runner !== undefined && { runner }),
    ...(caches !== undefined && { caches }),
  };
  return [kind === 'step' && step ? { ...shown, step } : shown];
}

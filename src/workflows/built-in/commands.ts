import { isCancellation, patched } from '@temporalio/workflow';
import { BUILT_IN_COMMANDS } from '../../events/comment-commands.js';
import type { CommentEvent, PullRequestEvent } from '../../events/event.js';
import { code } from '../../events/markdown.js';
import { type GoesOnFrom, goesOnFrom } from '../../runs/goes-on-from.js';
import { comment } from '../../triggers/index.js';
import { concerns, match } from '../../triggers/match.js';
import { preconditionsOf } from '../../triggers/preconditions.js';
import { provider, service } from '../run/activities.js';
import { automation } from '../run/automation.js';
import { pullRequestNow } from '../run/pull-request-now.js';
import { allAutomations, type KnownAutomation } from '../run/registry.js';
import { idBeside, startOther } from '../run/start-other.js';
import { runStep } from '../run/step.js';
import { answer, pullRequestOf, type Request } from './answer-command.js';

/**
 * Carries out the commands in comments on pull requests: `/retest [failed]`, `/test <automation>`, `/cancel [automation]`,
 * `/next [automation]`, and the answers `/approve` (or `/allow`, where the provider has an `/approve` of its own) and `/reject`. Whoever comments needs write
 * access, or to be one of those who are asked. Replies only when something can't be done.
 */
export const hookyardCommands = automation({ on: comment({ commands: BUILT_IN_COMMANDS }) }, async (event) => {
  const problems: string[] = [];
  let failure: unknown;
  for (const [index, command] of (event.commands ?? []).entries()) {
    const carryOut = Object.hasOwn(COMMANDS, command.name) ? COMMANDS[command.name] : undefined;
    if (!carryOut) continue;
    const shown = `/${[command.name, ...command.args].join(' ')}`;
    try {
      await runStep(shown, async () => {
        const problem = await carryOut({ event, command, index });
        if (problem !== undefined) problems.push(`${code(shown)}: ${problem}`);
        return problem;
      });
    } catch (error) {
      if (isCancellation(error) || !patched(ANSWERS_FAILURE)) throw error;
      problems.push(`${code(shown)}: ${FAILED}`);
      failure ??= error;
    }
  }
  if (problems.length > 0 && event.number !== undefined)
    await provider.writeComment({ ...pullRequestOf(event), body: problems.join('\n\n') });
  if (failure !== undefined) throw failure;
});

const ANSWERS_FAILURE = 'answer-failed-command';
/** The reason may hold addresses and names of options: it stands in the run, for those who run Hookyard. */
const FAILED = 'it could not be carried out. Whoever runs Hookyard finds the reason with `hookyard explain`';

/** Behind `/retest`: jobs go on with the step that did not pass, as with `hookyard rerun --from-failed`. */
const FROM_FAILED = 'failed';

/** What each command does. They return why it can't be done, in words (Markdown), or nothing. */
const COMMANDS: Readonly<Record<string, (request: Request) => Promise<string | undefined>>> = {
  async retest(request) {
    const goesOn = request.command.args[0]?.toLowerCase() === FROM_FAILED;
    const current = await currentOf(request.event);
    const { runs } = await service.findRuns({ ...askedOf(request.event), sha: current.commit.sha });
    const matching = allAutomations().filter((other) => !other.builtIn && match(other, current).runs);
    // The newest comes first.
    const lastOf = ({ name }: KnownAutomation) => runs.find((run) => run.automation === name);
    const wanted = matching.filter((other) => {
      const last = lastOf(other);
      // One that has passed, or is still running, needs no second try.
      return last ? !last.open && last.passed !== true : !goesOn;
    });
    if (matching.length === 0) return 'no automation runs on this pull request';
    if (wanted.length === 0) return 'nothing has failed: `/test <automation>` runs one again all the same';
    for (const other of wanted) {
      const last = goesOn ? lastOf(other) : undefined;
      await startFor(other, current, request, last && goesOnFrom(last.workflowId, last.memo));
    }
    return undefined;
  },

  async test(request) {
    const [name] = request.command.args;
    const current = await currentOf(request.event);
    const listening = allAutomations().filter(
      (other) => !other.builtIn && other.on.some((trigger) => concerns(trigger, current)),
    );
    const names = listening.map((other) => code(other.name)).join(', ') || 'none';
    if (!name) return `name an automation: ${names}`;
    const wanted = listening.find((other) => other.name === name);
    if (!wanted) return `there is no such automation; there are: ${names}`;
    await startFor(wanted, current, request);
    return undefined;
  },

  async cancel({ event, command }) {
    const [automation] = command.args;
    const { cancelled } = await service.cancelRuns({ ...askedOf(event), automation, by: event.sender.login });
    return cancelled.length === 0 ? 'no run is under way' : undefined;
  },

  async next({ event, command }) {
    const [automation] = command.args;
    const { moved } = await service.moveAhead({ ...askedOf(event), automation, by: event.sender.login });
    return moved.length === 0 ? 'no run waits for its turn in a lane' : undefined;
  },

  approve: (request) => answer(request, true),
  allow: (request) => answer(request, true),
  reject: (request) => answer(request, false),
};

/** Returns the pull request whose runs a command means. Its repository may have been renamed since they began. */
function askedOf(event: CommentEvent) {
  return { ...pullRequestOf(event), repositoryId: event.repository.id };
}

/** Returns the pull request of a command as it is now. Code from a fork still waits for its approval. */
function currentOf(event: CommentEvent): Promise<PullRequestEvent> {
  return pullRequestNow(event, pullRequestOf(event).number);
}

/** `from`: the runs whose failed jobs it goes on with. */
async function startFor(
  { name, on }: KnownAutomation,
  event: PullRequestEvent,
  { command, index, event: asked }: Request,
  from?: GoesOnFrom,
): Promise<void> {
  const place = index === 0 ? '' : `-${index + 1}`;
  await startOther(name, event, {
    id: `${idBeside(name)}/${command.name}${place}`,
    preconditions: preconditionsOf({ on }, event),
    from,
    again: asked.receivedAt,
  });
}

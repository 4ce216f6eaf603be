import { BUILT_IN_COMMANDS } from '../../events/comment-commands.js';
import type { Command, CommentEvent, PullRequestEvent } from '../../events/event.js';
import { code } from '../../events/markdown.js';
import { concerns, match } from '../../triggers/match.js';
import { preconditionsOf } from '../../triggers/preconditions.js';
import { comment } from '../../triggers/trigger.js';
import { idBeside, startOther } from '../kit/start-other.js';
import { service } from '../run/activities.js';
import { automation } from '../run/automation.js';
import { allAutomations, type KnownAutomation } from '../run/registry.js';
import { told } from '../run/step.js';

/**
 * Does what comments on pull requests ask for: `/retest`, `/test <automation>`, `/cancel [automation]` and
 * `/approve [automation] [commit]`, which is called `/allow` where the provider has an `/approve` of its own. Whoever comments needs write access. Answers only when something can't be done.
 */
export const hookyardCommands = automation({ on: comment({ commands: BUILT_IN_COMMANDS }) }, async (event) => {
  const problems: string[] = [];
  for (const [index, command] of (event.commands ?? []).entries()) {
    const work = Object.hasOwn(DOING, command.name) ? DOING[command.name] : undefined;
    if (!work) continue;
    const shown = `/${[command.name, ...command.args].join(' ')}`;
    await told(shown, async () => {
      const problem = await work({ event, command, index });
      if (problem !== undefined) problems.push(`${code(shown)}: ${problem}`);
      return problem;
    });
  }
  if (problems.length > 0 && event.number !== undefined)
    await service.writeComment({ ...pullRequestOf(event), body: problems.join('\n\n') });
});

interface Asked {
  readonly event: CommentEvent;
  readonly command: Command;
  /** Its place among the comment's commands. */
  readonly index: number;
}

/** Each answers what is in the way, in words (Markdown), or nothing. */
const DOING: Readonly<Record<string, (asked: Asked) => Promise<string | undefined>>> = {
  async retest(asked) {
    const current = await pullRequestEvent(asked.event);
    const { runs } = await service.findRuns({ ...pullRequestOf(asked.event), sha: current.commit.sha });
    const matching = allAutomations().filter((other) => !other.builtIn && match(other, current).runs);
    const wanted = matching.filter(({ name }) => {
      // The newest comes first; what passed, or is still going on, needs no second try.
      const last = runs.find((run) => run.automation === name);
      return !last || (!last.open && last.passed !== true);
    });
    if (matching.length === 0) return 'no automation runs on this pull request';
    if (wanted.length === 0) return 'nothing has failed: `/test <automation>` runs one again all the same';
    for (const other of wanted) await startFor(other, current, asked);
    return undefined;
  },

  async test(asked) {
    const [name] = asked.command.args;
    const current = await pullRequestEvent(asked.event);
    const listening = allAutomations().filter((other) => other.on.some((trigger) => concerns(trigger, current)));
    const names = listening.map((other) => code(other.name)).join(', ') || 'none';
    if (!name) return `name an automation: ${names}`;
    const wanted = listening.find((other) => other.name === name);
    if (!wanted) return `there is no such automation; there are: ${names}`;
    await startFor(wanted, current, asked);
    return undefined;
  },

  async cancel({ event, command }) {
    const [automation] = command.args;
    const { cancelled } = await service.cancelRuns({ ...pullRequestOf(event), automation });
    return cancelled.length === 0 ? 'no run is under way' : undefined;
  },

  approve,
  allow: approve,
};

const COMMIT = /^[0-9a-f]{12,64}$/;

async function approve({ event, command }: Asked): Promise<string | undefined> {
  const isAutomation = (arg: string) => allAutomations().some(({ name }) => name === arg);
  const automation = command.args.find(isAutomation);
  const [sha, ...strangers] = command.args.filter((arg) => arg !== automation);
  if (strangers.length > 0 || (sha !== undefined && !COMMIT.test(sha)))
    return `${code([sha, ...strangers].join(' '))} is neither an automation nor a commit (12 digits or more)`;
  const { answer, sha: which } = await service.approveRuns({
    ...pullRequestOf(event),
    repositoryId: event.repository.id,
    automation,
    sha,
    writtenAt: event.comment.createdAt ?? event.receivedAt,
    by: event.sender.login,
  });
  switch (answer) {
    case 'approved':
      return undefined;
    case 'too new':
      return `${code(which ?? '')} came just before or after this was written: look at it and name it, ${code(`/approve ${which}`)}`;
    case 'none':
      return 'no run waits for approval';
    default:
      return answer satisfies never;
  }
}

function pullRequestOf(event: CommentEvent) {
  return { source: event.source, repository: event.repository.fullName, number: event.number ?? 0 };
}

/** The pull request as it is now, as if new code had come. Code from a fork waits for its approval as ever. */
async function pullRequestEvent(event: CommentEvent): Promise<PullRequestEvent> {
  const pullRequest = await service.readPullRequest(pullRequestOf(event));
  return {
    source: event.source,
    provider: event.provider,
    deliveryId: event.deliveryId,
    // It is read now, whenever it was asked for.
    receivedAt: new Date().toISOString(),
    repository: event.repository,
    sender: event.sender,
    kind: 'pull_request',
    action: 'synchronize',
    pullRequest,
    commit: { sha: pullRequest.head.sha },
  };
}

async function startFor(
  { name, on }: KnownAutomation,
  event: PullRequestEvent,
  { command, index }: Asked,
): Promise<void> {
  const place = index === 0 ? '' : `-${index + 1}`;
  await startOther(name, event, {
    id: `${idBeside(name)}/${command.name}${place}`,
    preconditions: preconditionsOf({ on }, event),
  });
}

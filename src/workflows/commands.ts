import type { Command, CommentEvent, PullRequestEvent } from '../events/event.js';
import { plain } from '../events/markdown.js';
import { match } from '../events/match.js';
import { comment } from '../events/trigger.js';
import { service } from './activities.js';
import { automation } from './automation.js';
import { allAutomations } from './registry.js';
import { idBeside, startOther } from './start-other.js';
import { told } from './told.js';

/** What a comment can ask for in every repository, without an automation that says so. */
const BUILT_IN = ['retest', 'test', 'cancel', 'approve'] as const;

/**
 * Does what comments on pull requests ask for: `/retest`, `/test <automation>`, `/cancel [automation]` and
 * `/approve [automation] [commit]`. Whoever comments needs write access. Answers only when something can't be done.
 */
export const hookyardCommands = automation({ on: comment({ commands: BUILT_IN }) }, async (event) => {
  const problems: string[] = [];
  for (const [index, command] of (event.commands ?? []).entries()) {
    const work = Object.hasOwn(DOING, command.name) ? DOING[command.name as (typeof BUILT_IN)[number]] : undefined;
    if (!work) continue;
    const shown = `/${[command.name, ...command.args].join(' ')}`;
    await told(shown, async () => {
      const problem = await work({ event, command, index });
      if (problem !== undefined) problems.push(`\`${plain(shown)}\`: ${problem}`);
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
const DOING: Readonly<Record<(typeof BUILT_IN)[number], (asked: Asked) => Promise<string | undefined>>> = {
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
    for (const { name } of wanted) await startFor(name, current, asked);
    return undefined;
  },

  async test(asked) {
    const [name] = asked.command.args;
    const listening = allAutomations().filter((other) => other.on.some(({ kind }) => kind === 'pull_request'));
    const names = listening.map((other) => `\`${plain(other.name)}\``).join(', ') || 'none';
    if (!name) return `name an automation: ${names}`;
    if (!listening.some((other) => other.name === name)) return `there is no such automation; there are: ${names}`;
    await startFor(name, await pullRequestEvent(asked.event), asked);
    return undefined;
  },

  async cancel({ event, command }) {
    const [automation] = command.args;
    const { cancelled } = await service.cancelRuns({ ...pullRequestOf(event), automation });
    return cancelled.length === 0 ? 'no run is under way' : undefined;
  },

  async approve({ event, command }) {
    const sha = command.args.find((arg) => /^[0-9a-f]{7,64}$/.test(arg));
    const automation = command.args.find((arg) => arg !== sha);
    const { approved } = await service.approveRuns({
      ...pullRequestOf(event),
      repositoryId: event.repository.id,
      automation,
      sha,
      before: event.comment.createdAt,
      by: event.sender.login,
    });
    if (approved.length > 0) return undefined;
    return 'no run was waiting for approval when this was written; if a commit came since, look at it and write it again';
  },
};

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
    receivedAt: event.receivedAt,
    repository: event.repository,
    sender: event.sender,
    kind: 'pull_request',
    action: 'synchronize',
    pullRequest,
    commit: { sha: pullRequest.head.sha },
  };
}

async function startFor(name: string, event: PullRequestEvent, { command, index }: Asked): Promise<void> {
  const place = index === 0 ? '' : `-${index + 1}`;
  await startOther(name, event, { id: `${idBeside(name)}/${command.name}${place}` });
}

import { patched } from '@temporalio/workflow';
import type { FoundApproval } from '../../activities/contract/index.js';
import type { Command, CommentEvent } from '../../events/event.js';
import { code, plain } from '../../events/markdown.js';
import { isCommit, whyNotCounted } from '../../runs/approval.js';
import { provider, service } from '../run/activities.js';
import { approvalsOn, personOf } from '../run/asked-people.js';
import { allAutomations } from '../run/registry.js';

/** A command of a comment, to be carried out. */
export interface Request {
  readonly event: CommentEvent;
  readonly command: Command;
  /** Its place among the comment's commands. */
  readonly index: number;
}

const ASKS_APPROVALS = 'answer-approvals';
const COMMIT = /^[0-9a-f]{12,64}$/;
/** The commit must have been there for so long before a comment that names none means it, in milliseconds: as for forks. */
const READING_MS = 60_000;

/** Returns the pull request that a comment is on. */
export function pullRequestOf(event: CommentEvent) {
  return { source: event.source, repository: event.repository.fullName, number: event.number ?? 0 };
}

/**
 * Carries out `/approve` and `/reject`: `[automation] [approval] [commit]`, and behind a rejection why. Returns why it can't be
 * done, in words (Markdown), or nothing.
 */
export async function answer(request: Request, approves: boolean): Promise<string | undefined> {
  // Runs that an older version started know of the code of forks alone.
  const isNew = patched(ASKS_APPROVALS);
  const open = isNew ? await approvalsOn(request.event) : [];
  const asked = open.flatMap(({ name, automation }) => [name, automation]);
  const automations = allAutomations().map(({ name }) => name);
  const by = (names: readonly string[]) =>
    answerBy(request, { open, isNew, approves, ...parse(request.command, { names, approves }) });
  const refused = await by([...asked, ...automations]);
  // The first words of a reason may be what other automations are called.
  return refused === NONE_WAITS && !approves && open.length > 0 ? by(asked) : refused;
}

const NONE_WAITS = 'no run waits for approval';

async function answerBy(
  request: Request,
  {
    open,
    isNew,
    words,
    sha,
    approves,
    why,
  }: Said & Words & { readonly open: readonly FoundApproval[]; readonly isNew: boolean },
): Promise<string | undefined> {
  const isKnown = (word: string) => open.some(({ name, automation }) => name === word || automation === word);
  if (open.length > 0 && words.every(isKnown)) {
    const named = open.filter(({ name, automation }) => words.every((word) => name === word || automation === word));
    const different = new Map(named.map((one) => [`${one.automation} ${one.name}`, one]));
    if (different.size > 1) {
      const names = [...different.keys()].map((one) => code(`/${request.command.name} ${one}`));
      return `several approvals are waited for: name one, ${names.join(' or ')}`;
    }
    if (named.length > 0) return answerOne(request, { named, sha, approves, why });
  }
  return answerFork(request, { words, sha, approves, why, isNew, isReason: !approves && open.length > 0 });
}

interface Words {
  readonly words: readonly string[];
}

interface Said {
  readonly sha: string | undefined;
  readonly approves: boolean;
  readonly why: string;
}

/** Returns what stands behind a command: names and a commit, in any order; behind a rejection's, the reason. */
function parse(
  { args }: Command,
  { names, approves }: { names: readonly string[]; approves: boolean },
): { readonly words: readonly string[]; readonly sha: string | undefined; readonly why: string } {
  const words: string[] = [];
  let sha: string | undefined;
  for (const [index, word] of args.entries()) {
    const isName = names.includes(word) && !words.includes(word);
    const isSha = sha === undefined && COMMIT.test(word);
    if (!approves && !isName && !isSha) return { words, sha, why: args.slice(index).join(' ') };
    if (isSha && !isName) sha = word;
    else words.push(word);
  }
  return { words, sha, why: '' };
}

/** Hands the answer to the runs that wait for one approval: two of one commit at most have a right to it. */
async function answerOne(
  { event, command, index }: Request,
  { named, sha, approves, why }: Said & { readonly named: readonly FoundApproval[] },
): Promise<string | undefined> {
  const { comment, source, repository } = event;
  const seen = comment.createdAt === undefined ? event.commit?.sha : undefined;
  const meant = sha ?? seen;
  const fitting = named.filter((one) => meant === undefined || one.sha === undefined || isCommit(one.sha, meant));
  const newest = fitting.reduce((a, b) => (a && a.since > b.since ? a : b), fitting[0]);
  if (!newest) return 'no run waits for approval of this commit';
  const writtenAt = Date.parse(comment.createdAt ?? event.receivedAt);
  if (approves && newest.sha !== undefined && newest.since + (meant === undefined ? READING_MS : 0) > writtenAt) {
    const shown = code(`/${command.name} ${newest.name} ${newest.sha}`);
    return `${code(newest.sha)} came just before or after this was written: look at it and name it, ${shown}`;
  }
  if (Date.parse(event.receivedAt) >= Date.parse(newest.expiresAt)) return 'it has expired meanwhile';
  const person = personOf(event);
  const given = { approves, how: 'comment', person } as const;
  const because = whyNotCounted(given, { rules: newest, given: newest.given });
  if (because !== undefined) return `it does not count: ${plain(because)}`;
  const may = await provider.mayApprove({ source, repository: repository.fullName, person, by: newest.by });
  if (!may.allowed) return `it does not count: ${plain(`${person.login} may not, ${may.because}`)}`;
  const { name, nth } = newest;
  await service.answerApproval({
    run: newest.run,
    answer: {
      id: `comment/${event.deliveryId}/${index}`,
      ...{ name, nth, ...given, at: event.receivedAt },
      ...(newest.sha !== undefined && { sha: newest.sha }),
      ...(why !== '' && { why }),
    },
  });
  return undefined;
}

/** Answers for the code of a fork: as long as no automation asked for an approval, that is all there is to answer. */
async function answerFork(
  { event, command }: Request,
  {
    words,
    sha,
    approves,
    why,
    isNew,
    isReason,
  }: Said & Words & { readonly isNew: boolean; readonly isReason: boolean },
): Promise<string | undefined> {
  const [automation] = words;
  const strangers = words.filter((word, index) => index > 0 || !allAutomations().some(({ name }) => name === word));
  // What names no run that waits may be a part of why another one is rejected.
  if (strangers.length > 0 && isReason) return NONE_WAITS;
  if (strangers.length > 0)
    return `${code(strangers.join(' '))} is neither an automation nor a commit (12 digits or more), nor an approval that a run waits for`;
  if (isNew) {
    // Whoever was let in because they are asked for something else may have no right to this.
    const person = personOf(event);
    const { source, repository } = event;
    const may = await provider.mayApprove({
      source,
      repository: repository.fullName,
      person,
      by: ['permission:write'],
    });
    if (!may.allowed)
      return isReason ? NONE_WAITS : `it does not count: ${plain(`${person.login} may not, ${may.because}`)}`;
  }
  const { answer, sha: which } = await service.approveRuns({
    ...pullRequestOf(event),
    repositoryId: event.repository.id,
    automation,
    sha,
    // A delivery that came late has been written long before.
    ...(event.comment.createdAt === undefined && event.commit && { seen: event.commit.sha }),
    writtenAt: event.comment.createdAt ?? event.receivedAt,
    by: event.sender.login,
    ...(!approves && { rejects: true as const, ...(why !== '' && { why }) }),
  });
  switch (answer) {
    case 'approved':
      return undefined;
    case 'too new':
      return `${code(which ?? '')} came just before or after this was written: look at it and name it, ${code(`/${command.name} ${[automation, which].filter(Boolean).join(' ')}`)}`;
    case 'none':
      return NONE_WAITS;
    default:
      return answer satisfies never;
  }
}

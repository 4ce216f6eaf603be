import { ProviderError } from '../../../providers/error.js';
import type { GitFacts } from '../../../providers/facts.js';
import type { Hook, HookDelivery, HookEventKind, HooksApi } from '../../../providers/hooks-api.js';
import { fine, problem, type Remark, warn } from '../../../server/api/findings/finding.js';
import { counted } from '../../format/counted.js';
import { unsupportedKinds } from '../hooks/connect-hook.js';
import { mayHaveSent, type Proof, proofInWords } from '../hooks/hook-above.js';
import type { SourceRepository } from '../hooks/needed-kinds.js';
import { hooksAt, hooksOfSource, missingEvents } from '../hooks/plan-hook.js';
import { privateFindings } from './private-address-findings.js';

/** What a repository's webhooks are compared with. */
export interface HookQuestion {
  readonly hooks: HooksApi;
  readonly where: SourceRepository;
  /** Where deliveries should go; undefined while `server.publicUrl` is not set. */
  readonly url: string | undefined;
  /** The command that sets it. */
  readonly connect: string;
  /** What the automations there listen to; undefined when they can't be loaded. */
  readonly kinds: readonly HookEventKind[] | undefined;
  readonly facts: Pick<GitFacts, 'hookRights' | 'privateReceivers'>;
  /** A delivery of the repository that came through a webhook above it. */
  readonly arrived?: Proof | undefined;
}

/** Checks that a repository has a webhook, that it sends what is needed, and that its deliveries are answered. */
export async function hookFindings(question: HookQuestion): Promise<Remark[]> {
  const { hooks, facts, arrived } = question;
  try {
    return await remarksOn(await hooks.list(), question);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const { kind, message } = error;
    const unread =
      kind === 'unavailable'
        ? warn(`its webhooks are not known: ${message}`, 'try again later')
        : warn(`its webhooks can't be read: ${message}`, `the credentials need ${facts.hookRights}`);
    return [...(arrived ? [fine(proofInWords(arrived))] : []), unread];
  }
}

async function remarksOn(all: readonly Hook[], question: HookQuestion): Promise<Remark[]> {
  const { hooks, where, url, connect, kinds = [], facts, arrived } = question;
  const [hook, ...more] = ours(all, { url, source: where.source });
  if (!hook && arrived) {
    const other = mayHaveSent(all, where.source, arrived);
    if (!other) return [fine(proofInWords(arrived))];
    const says = `no webhook leads to ${url}: ${proofInWords(arrived, other.url)}`;
    return [warn(says, `${connect} --force, and delete the other unless another Hookyard is there`)];
  }
  if (!hook) return [problem(`no webhook leads to ${url ?? `/webhooks/${where.source}`}`, connect)];
  const silent = unsupportedKinds(kinds, hooks);
  return [
    ...stateFindings(hook, { events: hooks.eventsFor(kinds), connect }),
    ...(silent.length > 0
      ? [warn(`its webhooks can't send ${silent.join(', ')}: automations that wait for it never run`)]
      : []),
    ...(more.length > 0 ? [warn('several webhooks lead here, and each sends everything', 'delete all but one')] : []),
    ...(url === undefined ? privateFindings(hook.url, facts) : []),
    ...(await lastDeliveries(hooks, { id: hook.id, connect })),
  ];
}

function ours(hooks: readonly Hook[], { url, source }: { url: string | undefined; source: string }): readonly Hook[] {
  return url === undefined ? hooksOfSource(hooks, source) : hooksAt(hooks, url);
}

/** Compares a webhook with what it should be. */
export function stateFindings(
  hook: Hook,
  { events, connect }: { events: readonly string[]; connect: string },
): Remark[] {
  const missing = missingEvents(hook, events);
  const findings = [
    ...(hook.active ? [] : [problem('its webhook is not active: nothing is sent', connect)]),
    ...(missing.length > 0 ? [problem(`its webhook does not send ${missing.join(', ')}`, connect)] : []),
    ...(hook.warning ? [problem(`the provider says of its webhook: ${hook.warning}`, connect)] : []),
  ];
  return findings.length > 0 ? findings : [fine(`its webhook to ${hook.url} is active and sends all that is needed`)];
}

async function lastDeliveries(hooks: HooksApi, { id, connect }: { id: string; connect: string }): Promise<Remark[]> {
  if (!hooks.deliveries) return [];
  try {
    return sentFindings(await hooks.deliveries(id), connect);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return [warn(`the provider does not list its last deliveries: ${error.message}`)];
  }
}

/** Says how the last deliveries went, by the provider's own list, newest first. `connect`: the command that sets the webhook. */
export function sentFindings(deliveries: readonly HookDelivery[], connect: string): Remark[] {
  const [last] = deliveries;
  if (!last) return [fine('the provider has sent nothing lately')];
  const failed = deliveries.filter(({ ok }) => !ok).length;
  const answer = last.status === undefined ? 'got no answer' : `was answered with ${last.status}`;
  const says = `${failed} of the provider's last ${counted(deliveries.length, 'delivery', 'deliveries')} failed; the last one ("${last.event}", ${last.at}) ${answer}`;
  if (failed === 0) return [fine(says)];
  if (last.ok) return [warn(says, REDELIVER)];
  const reason = last.status === 401 ? `its secret is not the source's: ${connect} --force` : REASONS[last.status ?? 0];
  return [problem(says, reason ?? 'look at the log of the server')];
}

const REDELIVER = "have the provider send again what failed, from the webhook's page";

/** What a person can do about the receiver's answers (README, "Answers of the receiver"); 0 stands for no answer. */
const REASONS: Readonly<Record<number, string>> = {
  0: 'the address must be reachable from outside, with a certificate that the provider accepts',
  404: 'the source is not known to the server at that address, or is disabled',
  503: "the server's store can't write",
};

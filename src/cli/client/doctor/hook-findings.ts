import type { Hook, HookDelivery, HookEventKind, HooksApi } from '../../../providers/api.js';
import { ProviderError } from '../../../providers/error.js';
import { untold } from '../hooks/connect-hook.js';
import type { Where } from '../hooks/needed-kinds.js';
import { hooksAt, missingEvents } from '../hooks/plan-hook.js';
import { fine, problem, type Said, warn } from './finding.js';

export interface HookQuestion {
  readonly hooks: HooksApi;
  readonly where: Where;
  /** Where deliveries should go; undefined while nobody says how others reach this server. */
  readonly url: string | undefined;
  /** What the automations listen to there; undefined when they can't be loaded. */
  readonly kinds: readonly HookEventKind[] | undefined;
  /** What credentials must be allowed, in words. */
  readonly rights: string;
}

/** Whether a repository's webhook is there, tells what is needed, and is answered. */
export async function hookFindings(question: HookQuestion): Promise<Said[]> {
  const { hooks, where, url, kinds = [], rights } = question;
  try {
    const [hook, ...more] = ours(await hooks.list(), { url, source: where.source });
    const connect = `npx hookyard connect ${where.source} ${where.repository}`;
    if (!hook) return [problem(`no webhook leads to ${url ?? `/webhooks/${where.source}`}`, connect)];
    const silent = untold(kinds, hooks);
    return [
      ...stateFindings(hook, { events: hooks.eventsFor(kinds), connect }),
      ...(silent.length > 0
        ? [warn(`its webhooks tell of no ${silent.join(', ')}: automations wait for it in vain`)]
        : []),
      ...(more.length > 0 ? [warn('several webhooks lead here, and each sends everything', 'delete all but one')] : []),
      ...(await lastDeliveries(hooks, hook.id)),
    ];
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind === 'unavailable') return [warn(`its webhooks are not known: ${error.message}`, 'try again later')];
    return [warn(`its webhooks can't be looked at: ${error.message}`, `the credentials need ${rights}`)];
  }
}

function ours(hooks: readonly Hook[], { url, source }: { url: string | undefined; source: string }): readonly Hook[] {
  if (url !== undefined) return hooksAt(hooks, url);
  return hooks.filter((hook) => URL.canParse(hook.url) && new URL(hook.url).pathname.endsWith(`/webhooks/${source}`));
}

/** What a webhook is, against what it should be. */
export function stateFindings(hook: Hook, { events, connect }: { events: readonly string[]; connect: string }): Said[] {
  const missing = missingEvents(hook, events);
  const findings = [
    ...(hook.active ? [] : [problem('its webhook is not active: nothing is sent', connect)]),
    ...(missing.length > 0 ? [problem(`its webhook does not tell of ${missing.join(', ')}`, connect)] : []),
    ...(hook.warning ? [problem(`the provider says of its webhook: ${hook.warning}`, connect)] : []),
  ];
  return findings.length > 0
    ? findings
    : [fine(`its webhook to ${hook.url} is active and tells of all that is needed`)];
}

async function lastDeliveries(hooks: HooksApi, id: string): Promise<Said[]> {
  if (!hooks.deliveries) return [];
  try {
    return deliveriesSaid(await hooks.deliveries(id));
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return [warn(`the provider does not tell of its last deliveries: ${error.message}`)];
  }
}

/** How the provider's last deliveries went, newest first. */
export function deliveriesSaid(told: readonly HookDelivery[]): Said[] {
  const [last] = told;
  if (!last) return [fine('the provider has sent nothing lately')];
  const failed = told.filter(({ ok }) => !ok).length;
  const answer = last.status === undefined ? 'got no answer' : `was answered with ${last.status}`;
  const says = `${failed} of the provider's last ${told.length} deliveries failed; the last one ("${last.event}", ${last.at}) ${answer}`;
  if (failed === 0) return [fine(says)];
  return [last.ok ? warn(says, REDELIVER) : problem(says, REASONS[last.status ?? 0] ?? 'see what the server logs')];
}

const REDELIVER = "have the provider send again what failed, from the webhook's page";

/** What a person does about the receiver's answers (README, "Answers of the receiver"). */
const REASONS: Readonly<Record<number, string>> = {
  0: 'the address must be reachable from outside, with a certificate that the provider accepts',
  401: "its secret is not the source's: npx hookyard connect … --force sets it again",
  404: 'the source is not known to the server at that address, or is disabled',
  503: "the server's store can't write",
};

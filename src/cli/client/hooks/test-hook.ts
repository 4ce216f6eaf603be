import type { HookDelivery, HooksApi } from '../../../providers/api.js';
import { ProviderError } from '../../../providers/error.js';
import type { TestCall } from '../../../providers/facts.js';
import { PROVIDERS } from '../../../providers/index.js';
import type { GitSource } from '../../../providers/source.js';
import { UserError } from '../../user-error.js';
import type { Api } from '../api.js';
import { watchArrivals } from './arrival.js';
import type { Where } from './needed-kinds.js';

/** How a test call went. `says` are words for a person. */
export type TestOutcome =
  | { readonly kind: 'arrived'; readonly says: string; readonly delivery: string }
  /** `answered`: the provider was, with 2xx, but not by the server that runs here. `sent`: nothing more was checked. */
  | { readonly kind: 'answered' | 'sent' | 'lost' | 'refused'; readonly says: string };

export interface Trial {
  readonly hooks: HooksApi;
  /** The provider's id of the webhook. */
  readonly id: string;
  readonly where: Where;
  readonly kind: GitSource['kind'];
  /** The server that should receive it. */
  readonly api: () => Promise<Pick<Api, 'deliveries' | 'url'>>;
  readonly say: (word: string, text: string) => void;
}

/**
 * Has the provider send its test delivery, and waits for it here, if a server runs here. A test that starts automations
 * is only sent for a webhook that is new or was changed, or when it was asked for.
 */
export async function testHook(
  trial: Trial,
  { isNew, asked }: { isNew: boolean; asked: boolean },
): Promise<TestOutcome | undefined> {
  const { kind, where, say } = trial;
  const { testCall: call } = PROVIDERS[kind].facts;
  if (!call) {
    const instead = `push something, then: npx hookyard deliveries --source ${where.source}`;
    say('Test', `${kind} has no test to ask for, so nothing was checked; ${instead}`);
    return undefined;
  }
  if (call.isRealPush && !isNew && !asked) {
    say('Test', 'not sent again, since it is a real push event; --test sends it');
    return undefined;
  }
  say('Test', call.says);
  const outcome = await tried(trial, call);
  say(WORDS[outcome.kind], outcome.says);
  return outcome;
}

const WORDS: Readonly<Record<TestOutcome['kind'], string>> = {
  arrived: 'Arrived',
  answered: 'Answered',
  sent: 'Sent',
  lost: 'Lost',
  refused: 'Refused',
};

async function tried({ hooks, id, where, ...trial }: Trial, { eventName }: TestCall): Promise<TestOutcome> {
  const api = await trial.api();
  const arrivals = await watchArrivals(api, where).catch(reasonOf);
  try {
    await hooks.test?.(id);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { kind: 'refused', says: error.message };
  }
  if (typeof arrivals === 'string') return { kind: 'sent', says: `whether it arrived was not checked: ${arrivals}` };
  const arrived = await arrivals.next(eventName);
  if (!arrived) return silence(await newestOf(hooks, id), eventName);
  const says = `"${arrived.eventName}" arrived at ${api.url} and was verified: delivery ${arrived.id}`;
  return { kind: 'arrived', delivery: arrived.id, says };
}

function reasonOf(error: unknown): string {
  if (error instanceof UserError) return error.message;
  throw error;
}

/** What the provider says of its newest delivery, where it says anything. */
async function newestOf(hooks: HooksApi, id: string): Promise<HookDelivery | undefined> {
  try {
    return (await hooks.deliveries?.(id))?.[0];
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

/** What it means that nothing new came, with what the provider says of its newest delivery. */
export function silence(told: HookDelivery | undefined, eventName: string): TestOutcome {
  if (!told)
    return {
      kind: 'lost',
      says: `no "${eventName}" arrived here: does the address lead to this server, and is the secret the source's?`,
    };
  const answer = told.status === undefined ? 'got no answer' : `was answered with ${told.status}`;
  const says = `the provider's last "${told.event}" ${answer}`;
  if (!told.ok) return { kind: 'lost', says: `no "${eventName}" arrived here: ${says}` };
  return {
    kind: 'answered',
    says: `${says}, but here is no new delivery: it repeats an earlier one, or the address leads to another server`,
  };
}

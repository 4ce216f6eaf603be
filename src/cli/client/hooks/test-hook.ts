import { ProviderError } from '../../../providers/error.js';
import type { TestCall } from '../../../providers/facts.js';
import type { HookDelivery, HooksApi } from '../../../providers/hooks-api.js';
import { PROVIDERS } from '../../../providers/index.js';
import type { GitSource } from '../../../providers/source.js';
import { calledHere } from '../../format/called-here.js';
import { UserError } from '../../user-error.js';
import type { Api } from '../api.js';
import { watchArrivals } from './arrivals.js';
import type { SourceRepository } from './needed-kinds.js';

/** How a test call went. `says` is for people. */
export type TestOutcome =
  | { readonly kind: 'arrived'; readonly says: string; readonly delivery: string }
  /**
   * `answered`: with 2xx, but not by the server that runs here. `sent`: the arrival was not checked. `empty`: the
   * repository has no commits, so that nothing could be sent.
   */
  | { readonly kind: 'answered' | 'sent' | 'empty' | 'lost' | 'refused'; readonly says: string };

/** A webhook to test. */
export interface HookTest {
  readonly hooks: HooksApi;
  /** The provider's id of the webhook. */
  readonly id: string;
  readonly where: SourceRepository;
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
  test: HookTest,
  { isNew, asked }: { isNew: boolean; asked: boolean },
): Promise<TestOutcome | undefined> {
  const { kind, where, say } = test;
  const { testCall: call } = PROVIDERS[kind].facts;
  const instead = `push something, then: ${calledHere()} deliveries --source ${where.source}`;
  if (!call) {
    say('Test', `${kind} offers no test, so nothing was checked; ${instead}`);
    return undefined;
  }
  if (call.isRealPush && !isNew && !asked) {
    say('Test', 'not sent again, since it is a real push event; --test sends it');
    return undefined;
  }
  say('Test', call.says);
  const outcome = await explained(test, { outcome: await runTest(test, call), instead });
  say(WORDS[outcome.kind], outcome.says);
  return outcome;
}

const WORDS: Readonly<Record<TestOutcome['kind'], string>> = {
  arrived: 'Arrived',
  answered: 'Answered',
  sent: 'Sent',
  empty: 'Empty',
  lost: 'Lost',
  refused: 'Refused',
};

/** Returns an outcome with what is known to be behind it: no commits, or an address that the provider sends nothing to. */
async function explained(
  { hooks, kind, where }: HookTest,
  { outcome, instead }: { outcome: TestOutcome; instead: string },
): Promise<TestOutcome> {
  if (outcome.kind !== 'lost' && outcome.kind !== 'refused') return outcome;
  if ((await hasCommits(hooks)) === false)
    return { kind: 'empty', says: `${where.repository} has no commits yet, so there was nothing to send; ${instead}` };
  const { privateReceivers } = PROVIDERS[kind].facts;
  if (!privateReceivers) return outcome;
  const says = outcome.says.replace(/[^.?]$/, '$&.');
  return { ...outcome, says: `${says} Where the receiver has a private address: ${privateReceivers}` };
}

/** Undefined where the provider does not say. */
async function hasCommits(hooks: HooksApi): Promise<boolean | undefined> {
  try {
    return await hooks.hasCommits?.();
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

async function runTest({ hooks, id, where, ...test }: HookTest, { eventName }: TestCall): Promise<TestOutcome> {
  const api = await test.api();
  const arrivals = await watchArrivals(api, where).catch(reasonOf);
  try {
    await hooks.test?.(id);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { kind: 'refused', says: error.message };
  }
  if (typeof arrivals === 'string') return { kind: 'sent', says: `whether it arrived was not checked: ${arrivals}` };
  const arrived = await arrivals.next(eventName);
  if (!arrived) return noArrival(await newestOf(hooks, id), eventName);
  const says = `"${arrived.eventName}" arrived at ${api.url} and was verified: delivery ${arrived.id}`;
  return { kind: 'arrived', delivery: arrived.id, says };
}

function reasonOf(error: unknown): string {
  if (error instanceof UserError) return error.message;
  throw error;
}

/** Returns what the provider says about its newest delivery, if it does. */
async function newestOf(hooks: HooksApi, id: string): Promise<HookDelivery | undefined> {
  try {
    return (await hooks.deliveries?.(id))?.[0];
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

/** Says what it means that nothing new arrived. `newest`: what the provider says about its newest delivery. */
export function noArrival(newest: HookDelivery | undefined, eventName: string): TestOutcome {
  if (!newest)
    return {
      kind: 'lost',
      says: `no "${eventName}" arrived here: does the address lead to this server, and is the secret the source's?`,
    };
  const answer = newest.status === undefined ? 'got no answer' : `was answered with ${newest.status}`;
  const says = `the provider's last "${newest.event}" ${answer}`;
  if (!newest.ok) return { kind: 'lost', says: `no "${eventName}" arrived here: ${says}` };
  return {
    kind: 'answered',
    says: `${says}, but here is no new delivery: it repeats an earlier one, or the address leads to another server`,
  };
}

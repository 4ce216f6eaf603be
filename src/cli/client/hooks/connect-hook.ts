import type { Config } from '../../../config/config.js';
import type { Hook, HookEventKind, HooksApi } from '../../../providers/hooks-api.js';
import { PROVIDERS } from '../../../providers/index.js';
import type { GitSource } from '../../../providers/source.js';
import { UserError } from '../../user-error.js';
import type { Api } from '../api.js';
import { mayHaveSent, proofInWords, provenBy } from './hook-above.js';
import { addressWarnings, hookAddress } from './hook-address.js';
import { hookSecret } from './hook-secret.js';
import { hooksOf, withHookRights } from './hooks-of.js';
import type { SourceRepository } from './needed-kinds.js';
import { type HookPlan, hooksAt, planHook } from './plan-hook.js';
import { type TestOutcome, testHook } from './test-hook.js';

/** How many of a source's last deliveries are searched for the repository. */
const NEWEST = 200;

/** What {@link connectHook} works with. */
export interface ConnectDeps {
  readonly config: Config;
  /** Connects to the server that should receive; called only when something is made or tested. */
  readonly api: () => Promise<Pick<Api, 'deliveries' | 'url'>>;
  /** Returns what the webhook must send. */
  readonly kinds: () => Promise<readonly HookEventKind[]>;
  /** Writes down that the server is reached by an address. Returns why it can't. */
  readonly note: (url: string) => string | undefined;
}

/** What is asked for. */
export interface ConnectOptions {
  readonly where: SourceRepository;
  /** How the provider reaches this server; default: `server.publicUrl`. */
  readonly url?: string;
  readonly dryRun?: boolean;
  /** Writes the webhook also if nothing seems to differ. */
  readonly force?: boolean;
  /** Whether to test. Default: if the webhook has changed, or if the test call starts no automation. */
  readonly test?: boolean;
  /** Called as things happen. The text may come from outside. */
  readonly say: (word: string, text: string) => void;
}

/** What was done, or would be done. It never holds the secret. */
export interface Connected extends SourceRepository {
  readonly url: string;
  readonly done: 'created' | 'updated' | 'nothing to change' | 'would create' | 'would update';
  readonly id?: string;
  /** What the webhook sends, by the provider's names. */
  readonly events: readonly string[];
  /** Why it was updated, or why none was made. */
  readonly because?: readonly string[];
  readonly warnings: readonly string[];
  readonly test?: TestOutcome;
}

/**
 * Creates or updates a repository's webhook so that it sends what the automations need, and has the provider test it. A
 * second call changes nothing. Throws {@link UserError} and {@link ProviderError}.
 */
export async function connectHook(deps: ConnectDeps, options: ConnectOptions): Promise<Connected> {
  const { where, dryRun, force, say } = options;
  const { source, hooks } = await hooksOf(deps.config, where);
  const url = hookAddress(deps.config, { source: where.source, url: options.url });
  const secret = hookSecret(source);
  const kinds = await deps.kinds();
  const all = await withHookRights(source.kind, () => hooks.list());
  const plan = planHook(all, { url, events: hooks.eventsFor(kinds), force });
  const unnoted = dryRun ? undefined : deps.note(url);
  const warnings = [
    ...warningsOf({ url, all, hooks, kinds, source }),
    ...(unnoted === undefined ? [] : [notNoted(unnoted)]),
  ];
  say('Address', url);
  for (const warning of warnings) say('Warning', warning);
  const proof = plan.kind === 'create' && !force ? await proofOf(deps, where) : undefined;
  if (proof) {
    const other = mayHaveSent(all, where.source, proof);
    const how = other
      ? '--force makes one for this address; delete the other then, if no other Hookyard is there: each sends everything'
      : 'A second one would send everything twice; if that one is gone, --force makes one';
    const because = [`${proofInWords(proof, other?.url)}. ${how}`];
    say('Webhook', `none made: ${because.join()}`);
    return { ...where, url, done: 'nothing to change', events: [], because, warnings };
  }

  const wanted = { url, secret: secret.reveal(), events: plan.events };
  const written = dryRun ? undefined : await withHookRights(source.kind, async () => carryOut(hooks, plan, wanted));
  const { id, events } = written ?? { id: 'id' in plan ? plan.id : undefined, events: plan.events };
  const because = plan.kind === 'update' ? plan.because : undefined;
  const done = wordFor(plan, dryRun);
  say('Events', events.join(', '));
  say('Webhook', because ? `${done}: ${because.join('; ')}` : done);
  if (written?.warning) say('Warning', written.warning);

  const isNew = plan.kind !== 'nothing';
  const test =
    dryRun || options.test === false || id === undefined
      ? undefined
      : await testHook(
          { hooks, id, where, kind: source.kind, api: deps.api, say },
          { isNew, asked: options.test === true },
        );
  return {
    ...where,
    url,
    done,
    ...(id && { id }),
    events,
    ...(because && { because }),
    warnings,
    ...(test && { test }),
  };
}

function notNoted(because: string): string {
  return `it could not be written down that others reach the server (${because}): set server.publicUrl, else whoever a proxy on this machine passes on may be taken for an operator`;
}

/** Returns what shows that deliveries of the repository arrive already; undefined if no server can be asked. */
async function proofOf({ api }: Pick<ConnectDeps, 'api'>, { source, repository }: SourceRepository) {
  try {
    const { deliveries } = await (await api()).deliveries({ source, limit: NEWEST });
    return provenBy(deliveries, { repository });
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function carryOut(hooks: HooksApi, plan: HookPlan, wanted: Parameters<HooksApi['create']>[0]) {
  if (plan.kind === 'create') return hooks.create(wanted);
  return plan.kind === 'update' ? hooks.update(plan.id, wanted) : undefined;
}

function wordFor({ kind }: HookPlan, dryRun: boolean | undefined): Connected['done'] {
  if (kind === 'nothing') return 'nothing to change';
  if (dryRun) return kind === 'create' ? 'would create' : 'would update';
  return kind === 'create' ? 'created' : 'updated';
}

interface Seen {
  readonly url: string;
  readonly all: readonly Hook[];
  readonly hooks: HooksApi;
  readonly kinds: readonly HookEventKind[];
  readonly source: GitSource;
}

function warningsOf({ url, all, hooks, kinds, source }: Seen): readonly string[] {
  const silent = unsupportedKinds(kinds, hooks);
  return [
    ...addressWarnings(url, PROVIDERS[source.kind].facts),
    ...(silent.length > 0
      ? [`webhooks of ${source.kind} can't send ${silent.join(', ')}: automations that wait for it never run`]
      : []),
    ...(hooksAt(all, url).length > 1 ? ['several webhooks lead to this address: delete all but one'] : []),
  ];
}

/** Returns what automations listen to and the provider's webhooks can't send. */
export function unsupportedKinds(
  kinds: readonly HookEventKind[],
  hooks: Pick<HooksApi, 'eventsFor'>,
): readonly HookEventKind[] {
  return kinds.filter((kind) => hooks.eventsFor([kind]).length === 0);
}

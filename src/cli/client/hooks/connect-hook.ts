import type { Config } from '../../../config/config.js';
import type { Hook, HookEventKind, HooksApi } from '../../../providers/api.js';
import type { GitSource } from '../../../providers/source.js';
import type { Api } from '../api.js';
import { addressWarnings, hookAddress } from './hook-address.js';
import { hookSecret } from './hook-secret.js';
import { hooksOf, needing } from './hooks-of.js';
import type { Where } from './needed-kinds.js';
import { type HookPlan, hooksAt, planHook } from './plan-hook.js';
import { type TestOutcome, testHook } from './test-hook.js';

export interface ConnectDeps {
  readonly config: Config;
  /** The server that should receive. Only asked for when something is tested. */
  readonly api: () => Promise<Api>;
  /** What the webhook must tell of. */
  readonly kinds: () => Promise<readonly HookEventKind[]>;
}

export interface ConnectOptions {
  readonly where: Where;
  /** How the provider reaches this server; default: `server.publicUrl`. */
  readonly url?: string;
  readonly dryRun?: boolean;
  /** Writes the webhook also if nothing seems to differ. */
  readonly force?: boolean;
  /** Default: where something changed, or where the test call is nothing more than that. */
  readonly test?: boolean;
  /** Told as it happens: text from outside among it. */
  readonly say: (word: string, text: string) => void;
}

/** What was done, or would be. The secret is in none of it. */
export interface Connected extends Where {
  readonly url: string;
  readonly done: 'created' | 'updated' | 'nothing to change' | 'would create' | 'would update';
  readonly id?: string;
  /** What the webhook tells of, by the provider's names. */
  readonly events: readonly string[];
  /** Why it was updated. */
  readonly because?: readonly string[];
  readonly warnings: readonly string[];
  readonly test?: TestOutcome;
}

/**
 * Makes a repository's webhook what the automations need, and has the provider test it. The same once more changes
 * nothing. Throws {@link UserError} and {@link ProviderError}.
 */
export async function connectHook(deps: ConnectDeps, options: ConnectOptions): Promise<Connected> {
  const { where, dryRun, force, say } = options;
  const { source, hooks } = await hooksOf(deps.config, where);
  const url = hookAddress(deps.config, { source: where.source, url: options.url });
  const secret = hookSecret(source);
  const kinds = await deps.kinds();
  const all = await needing(source.kind, () => hooks.list());
  const plan = planHook(all, { url, events: hooks.eventsFor(kinds), force });
  const warnings = warningsOf({ url, all, hooks, kinds, source });
  say('Address', url);
  for (const warning of warnings) say('Warning', warning);

  const wanted = { url, secret: secret.reveal(), events: plan.events };
  const written = dryRun ? undefined : await needing(source.kind, async () => carryOut(hooks, plan, wanted));
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
  const silent = untold(kinds, hooks);
  return [
    ...addressWarnings(url),
    ...(silent.length > 0
      ? [`webhooks of ${source.kind} tell of no ${silent.join(', ')}: automations that listen to it wait in vain`]
      : []),
    ...(hooksAt(all, url).length > 1 ? ['several webhooks lead to this address: delete all but one'] : []),
  ];
}

/** What automations listen to, and the provider can't tell of. */
export function untold(kinds: readonly HookEventKind[], hooks: Pick<HooksApi, 'eventsFor'>): readonly HookEventKind[] {
  return kinds.filter((kind) => hooks.eventsFor([kind]).length === 0);
}

import type { Hook } from '../../../providers/hooks-api.js';

/** What is to be done with the webhooks of a repository so that one of them sends what is needed. */
export type HookPlan =
  | { readonly kind: 'create'; readonly events: readonly string[] }
  | {
      readonly kind: 'update';
      readonly id: string;
      /** Those that it has, and those that it needs. */
      readonly events: readonly string[];
      /** What is wrong with it now, in words. */
      readonly because: readonly string[];
    }
  | { readonly kind: 'nothing'; readonly id: string; readonly events: readonly string[] };

/** The webhook that is wanted. */
export interface Wanted {
  readonly url: string;
  /** The provider's names. */
  readonly events: readonly string[];
  /** Writes it also if nothing seems to differ: no provider shows the secret that a webhook has. */
  readonly force?: boolean | undefined;
}

/** Compares a repository's webhooks with the one that is wanted. Further events that somebody has chosen stay. */
export function planHook(hooks: readonly Hook[], { url, events, force }: Wanted): HookPlan {
  const [hook] = hooksAt(hooks, url);
  if (!hook) return { kind: 'create', events };
  const missing = missingEvents(hook, events);
  const because = [
    ...(hook.active ? [] : ['it is not active']),
    ...(missing.length > 0 ? [`it does not send ${missing.join(', ')}`] : []),
    ...(hook.warning ? [hook.warning] : []),
    ...(force ? ['it was asked for'] : []),
  ];
  if (because.length === 0) return { kind: 'nothing', id: hook.id, events: hook.events };
  return { kind: 'update', id: hook.id, events: [...hook.events, ...missing], because };
}

/** Returns the webhooks that lead to an address. If there are several, each sends every delivery. */
export function hooksAt(hooks: readonly Hook[], url: string): readonly Hook[] {
  return hooks.filter((hook) => sameAddress(hook.url, url));
}

/** Returns the webhooks that lead to a source of this name, whatever the address before that. */
export function hooksOfSource<T extends Pick<Hook, 'url'>>(hooks: readonly T[], source: string): readonly T[] {
  return hooks.filter(
    ({ url }) => URL.canParse(url) && new URL(url).pathname.replace(/\/+$/, '').endsWith(`/webhooks/${source}`),
  );
}

/** Returns which events a webhook does not send. GitHub's `*` stands for all. */
export function missingEvents(hook: Pick<Hook, 'events'>, events: readonly string[]): readonly string[] {
  return hook.events.includes('*') ? [] : events.filter((event) => !hook.events.includes(event));
}

function sameAddress(one: string, other: string): boolean {
  // The receiver takes two slashes for one.
  const plain = (url: string) =>
    URL.canParse(url) ? new URL(url).href.replace(/(?<!:)\/{2,}/g, '/').replace(/\/$/, '') : url;
  return plain(one) === plain(other);
}

import type { RotatedSecret } from './find-rotated.js';
import type { RenewedHook } from './renew-hooks.js';

/**
 * Returns what a person has still to do after a secret was rotated, a sentence for each. `until`: when the old one ends (Unix
 * ms); undefined if it has ended.
 */
export function whatIsLeft(
  { path, uses }: Pick<RotatedSecret, 'path' | 'uses'>,
  { until, hooks }: { until: number | undefined; hooks: readonly Pick<RenewedHook, 'source' | 'done'>[] },
): readonly string[] {
  const by = until === undefined ? 'now' : `until ${new Date(until).toISOString()}`;
  return uses.flatMap(({ option }) => leftFor(option, { path, by, until, hooks }));
}

/** A token may count for an hour, and the new key signs a few minutes after it was published. */
const TOKENS_END_MS = 70 * 60_000;

function leftForTokens(until: number | undefined): string[] {
  if (until === undefined)
    return ['ID tokens that it has signed are refused from now on: jobs at work may have to run again'];
  return until - Date.now() < TOKENS_END_MS
    ? ['some ID tokens that it has signed are refused before their time: --overlap 2h keeps them all']
    : [];
}

interface Known {
  readonly path: string;
  readonly by: string;
  readonly until: number | undefined;
  readonly hooks: readonly Pick<RenewedHook, 'source' | 'done'>[];
}

function leftFor(option: string, { path, by, until, hooks }: Known): string[] {
  const [kind, name] = option.split('.');
  switch (kind) {
    case 'sources':
      return hooks.some(({ source, done }) => source === name && done === 'updated')
        ? [`other webhooks of source ${name}, above repositories for example, need the content of ${path} ${by}`]
        : [`whoever sends to /webhooks/${name} needs the content of ${path} ${by}`];
    case 'endpoints':
      return [
        until === undefined
          ? `the receiver of endpoint ${name} needs the content of ${path} now: messages are signed with it alone`
          : `the receiver of endpoint ${name} needs the content of ${path} ${by}: messages are signed with both`,
      ];
    case 'server': {
      if (name === 'idTokens') return leftForTokens(until);
      const valid = `are valid ${until === undefined ? 'no more' : by}`;
      return option === 'server.apiToken'
        ? [
            `commands on other machines need the content of ${path} in HOOKYARD_API_TOKEN ${by}`,
            `addresses of badges, feeds and build monitors that are in use ${valid}: hookyard feeds prints new ones`,
          ]
        : [
            `callback addresses that builds have already ${valid}`,
            `links by which people approve, in messages that were sent, ${valid}`,
          ];
    }
    case 'secrets':
      return [`jobs that begin from now on get the new one: give it to what ${option} is for`];
    default:
      return [`the other side of ${option} needs the content of ${path} ${by}`];
  }
}

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
    case 'server':
      return option === 'server.apiToken'
        ? [`commands on other machines need the content of ${path} in HOOKYARD_API_TOKEN ${by}`]
        : [`callback addresses that builds have already are valid ${until === undefined ? 'no more' : by}`];
    case 'secrets':
      return [`jobs that begin from now on get the new one: give it to what ${option} is for`];
    default:
      return [`the other side of ${option} needs the content of ${path} ${by}`];
  }
}

import { Command, Option } from 'commander';
import { loadConfig } from '../../config/load.js';
import { type Project, readProject } from '../../config/project.js';
import { noteReachedAs } from '../../config/reached-as.js';
import { readReplaced } from '../../secrets/rotating-file.js';
import { repositoriesSeen } from '../client/doctor/delivery-findings.js';
import { connectApi } from '../client/find-server.js';
import { hookAddress } from '../client/hooks/hook-address.js';
import { mustBeReadable } from '../client/readable-data.js';
import { findRotated, type RotatedSecret } from '../client/secrets/find-rotated.js';
import { type RenewedHook, renewHook } from '../client/secrets/renew-hooks.js';
import { rotate } from '../client/secrets/rotate.js';
import { type SecretState, secretStates } from '../client/secrets/secret-states.js';
import { whatIsLeft } from '../client/secrets/what-is-left.js';
import { jsonText } from '../format/control-characters.js';
import { field } from '../format/field.js';
import { harmless, paint, print } from '../format/paint.js';
import { messageForPeople } from '../user-error.js';
import { jsonOption, lengthOfTime } from './options.js';

interface RotateOptions {
  readonly overlap: number;
  readonly url?: string;
  readonly repository?: readonly string[];
  readonly json?: boolean;
}

const DEFAULT_OVERLAP = '3d';
/** How many of a source's last deliveries are searched for the repositories whose webhooks are renewed. */
const NEWEST = 200;

/** `hookyard secrets`: lists the secrets of the configuration, and replaces those that Hookyard has made. */
export const secrets = () => {
  const command = new Command('secrets').description('list the secrets of the configuration, and rotate one');
  command
    .command('list', { isDefault: true })
    .description('list the secrets that the configuration names, where they are found, and their state; never a value')
    .addOption(jsonOption)
    .action(async ({ json }: { json?: boolean }) => {
      const project = await readProject({ env: process.env, cwd: process.cwd() });
      mustBeReadable(project.data);
      const states = secretStates(project);
      if (json) print(jsonText(states, 2));
      else for (const line of linesOf(states)) print(line);
      if (states.some(({ state }) => state === 'unusable')) process.exitCode = 1;
    });
  command
    .command('rotate')
    .description(
      'replace a secret that Hookyard has made; the old one counts too for a while. Nothing is started again',
    )
    .argument('<name>', 'its name, or the source, endpoint or option that has it: hookyard secrets lists them')
    .addOption(
      new Option(
        '--overlap <time>',
        'how long the old one counts: 30m, 12h, 3d; 0 ends it at once, for one that others know',
      )
        .argParser(lengthOfTime)
        .default(lengthOfTime(DEFAULT_OVERLAP), DEFAULT_OVERLAP),
    )
    .option(
      '--repository <owner/name...>',
      "whose webhooks get a source's new secret; default: those that its last deliveries were about",
    )
    .option('--url <url>', 'how the provider reaches this server; default: server.publicUrl')
    .addOption(jsonOption)
    .action(rotateSecret);
  return command;
};

async function rotateSecret(name: string, { overlap, json, ...options }: RotateOptions): Promise<void> {
  const project = await readProject({ env: process.env, cwd: process.cwd() });
  mustBeReadable(project.data);
  const secret = findRotated(project, name);
  const until = rotate(project, secret, overlap);
  const hooks = await renewHooks(project, secret, options);
  const left = whatIsLeft(secret, { until: overlap > 0 ? until : undefined, hooks });
  if (hooks.some(({ done }) => done === 'not updated')) process.exitCode = 1;
  const { path, uses } = secret;
  const earlier = readReplaced(path, Date.now()).filter((each) => each.until !== until);
  const earlierUntil = earlier.length > 0 && new Date(Math.max(...earlier.map((each) => each.until))).toISOString();
  if (json) {
    const asked = { name: secret.name, path, uses: uses.map(({ option }) => option) };
    const counts = {
      ...(overlap > 0 && { oldUntil: new Date(until).toISOString() }),
      ...(earlierUntil && { earlierUntil }),
    };
    print(jsonText({ ...asked, ...counts, hooks, left }, 2));
    return;
  }
  print(field('Rotated', `${secret.name}: ${uses.map(({ option }) => option).join(', ')}; the new one is in ${path}`));
  print(field('Old one', overlap > 0 ? `counts until ${new Date(until).toISOString()}` : 'counts no more'));
  if (earlierUntil) {
    const end = `to end all old ones now, delete ${path}.replaced`;
    print(field('Earlier', `those that were replaced before count until ${earlierUntil} still; ${end}`, 'yellow'));
  }
  for (const { source, repository, done, because } of hooks)
    print(
      field('Webhook', harmless(`${source} ${repository}: ${done}${because ? `: ${because}` : ''}`), COLOURS[done]),
    );
  for (const line of left) print(field('Left', harmless(line), 'yellow'));
}

const COLOURS = { updated: 'green', 'not updated': 'red' } as const;

/**
 * Gives the webhooks of the Git sources that have the secret the new one. It is in force by now: whatever keeps the webhooks from
 * getting it is told beside that.
 */
async function renewHooks(
  { settings }: Project,
  { uses }: RotatedSecret,
  { repository, url }: Pick<RotateOptions, 'repository' | 'url'>,
): Promise<readonly RenewedHook[]> {
  const names = new Set(uses.flatMap(({ option }) => /^sources\.([^.]+)\.secrets\[/.exec(option)?.[1] ?? []));
  const renewed: RenewedHook[] = [];
  for (const source of names) {
    const configured = settings.sources[source];
    if (!configured || !('clone' in configured) || !configured.api) continue;
    try {
      const config = await loadConfig({ env: process.env, cwd: process.cwd(), secrets: 'find' });
      const address = hookAddress(config, { source, url });
      noteReachedAs(config.data, address);
      for (const each of repository ?? (await seenLately(source)))
        renewed.push(await renewHook(config, { source, repository: each }, address));
    } catch (error) {
      const because = messageForPeople(error);
      if (because === undefined) throw error;
      renewed.push({ source, repository: '(all)', done: 'not updated', because });
    }
  }
  return renewed;
}

async function seenLately(source: string): Promise<readonly string[]> {
  const { deliveries } = await (await connectApi({})).deliveries({ source, limit: NEWEST });
  return repositoriesSeen(deliveries, NEWEST);
}

function linesOf(states: readonly SecretState[]): string[] {
  const width = Math.max(...states.map(({ option }) => option.length));
  return states.map(({ option, from, state, because, since, replacedUntil = [] }) => {
    const [newest] = replacedUntil;
    const more = [
      ...(because ? [because] : []),
      ...(since ? [`since ${since.slice(0, 10)}`] : []),
      ...(newest ? [`the one before counts until ${newest.slice(0, 16).replace('T', ' ')} UTC`] : []),
    ];
    const word = state === 'set' ? paint('green', state) : paint(state === 'unusable' ? 'red' : 'yellow', state);
    return `${option.padEnd(width)}  ${harmless(from)}: ${word}${more.length > 0 ? `; ${harmless(more.join('; '))}` : ''}`;
  });
}

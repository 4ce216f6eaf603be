import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { attacks } from './attacks/index.js';
import type { Layout } from './cluster.js';
import { culprits } from './culprits/culprits.js';
import { kinds, kindsNamed } from './kinds/index.js';
import { laneTrials } from './lanes/index.js';

/** What is to be done: faults under load, or one culprit, attack or trial of lanes after the other. */
export type Options =
  | { readonly what: 'help' }
  | ({ readonly what: 'faults' } & FaultOptions)
  | { readonly what: 'culprits' | 'attacks' | 'lanes'; readonly only: readonly string[] };

export interface FaultOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly store: 'sqlite' | 'postgres';
  readonly layout: Layout;
  readonly servers: number;
  readonly workers: number;
  readonly rate: number;
  readonly only: readonly string[];
}

/** What is wrong with a command line, in words. */
export class UsageError extends Error {}

/** By what is done, one after the other: what there is of it. */
const TRIALS: Readonly<Record<'culprits' | 'attacks' | 'lanes', readonly { name: string; what: string }[]>> = {
  culprits,
  attacks: withNames(attacks),
  lanes: withNames(laneTrials),
};

const FAULTS = ['minutes', 'seed', 'store', 'layout', 'servers', 'workers', 'rate'] as const;

/** How the command line is used, in lines. */
export const HELP: readonly string[] = [
  'npm run test:faults -- [--minutes <n>] [--seed <n>] [--rate <deliveries a second>] [--only <fault>]…',
  '                       [--store sqlite|postgres] [--layout start|apart] [--servers <n>] [--workers <n>]',
  'npm run test:faults -- --culprits|--attacks|--lanes [--only <name>]…',
  '',
  'Kills, stops, fills up and cuts off what runs, while deliveries come in (5 minutes, 20 a second), and counts what was lost or',
  'doubled: of `hookyard start`, or with --layout apart of servers and workers. The same seed draws the same faults.',
  '',
  'Faults, of those of a process also its name alone (`receiver`):',
  `  ${Object.keys(kinds).slice(0, 6).join(', ')}`,
  `  ${Object.keys(kinds).slice(6).join(', ')}`,
  '',
  ...section('--culprits lets runs loose that take the worker down:', TRIALS.culprits),
  ...section('--attacks does to a receiver what strangers might:', TRIALS.attacks),
  ...section('--lanes tries what lanes promise while everything is killed:', TRIALS.lanes),
  'It ends with 0 if all was well, 1 if not, and 2 for a command line that it does not understand.',
];

/** What the command line says. Throws {@link UsageError} with what is wrong with it. */
export function readOptions(args: readonly string[]): Options {
  const given = parse(args);
  if (given.help) return { what: 'help' };
  const [what, other] = (['culprits', 'attacks', 'lanes'] as const).filter((one) => given[one]);
  const { only = [], store = 'sqlite' } = given;
  if (what !== undefined) {
    if (other !== undefined) throw new UsageError(`--${what} and --${other} are tried one at a time`);
    const stranger = FAULTS.find((name) => given[name] !== undefined);
    if (stranger !== undefined) throw new UsageError(`--${stranger} is of no use with --${what}: that has only --only`);
    return {
      what,
      only: named(
        only,
        TRIALS[what].map(({ name }) => name),
      ),
    };
  }
  if (store !== 'sqlite' && store !== 'postgres') throw new UsageError(`--store is sqlite or postgres, not ${store}`);
  const servers = whole('servers', given.servers ?? '1', { least: 1, most: 8 });
  const workers = whole('workers', given.workers ?? '1', { least: 1, most: 8 });
  const layout = given.layout ?? (store === 'sqlite' && servers + workers === 2 ? 'start' : 'apart');
  if (layout !== 'start' && layout !== 'apart') throw new UsageError(`--layout is start or apart, not ${layout}`);
  if (layout === 'start' && servers + workers > 2)
    throw new UsageError('a start has one receiver and one worker: --layout apart has --servers and --workers');
  const unknown = only.find((name) => kindsNamed(name).length === 0);
  if (unknown !== undefined) throw new UsageError(`--only is one of ${Object.keys(kinds).join(', ')}, not ${unknown}`);
  return {
    what: 'faults',
    minutes: within('minutes', given.minutes ?? '5', { least: 0.1, most: 24 * 60 }),
    seed: given.seed === undefined ? randomInt(2 ** 31) : whole('seed', given.seed, { least: 0, most: 2 ** 32 - 1 }),
    store,
    layout,
    servers,
    workers,
    rate: within('rate', given.rate ?? '20', { least: 0.1, most: 500 }),
    only,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: args.filter((arg) => arg !== '--'),
      options: {
        minutes: { type: 'string' },
        seed: { type: 'string' },
        store: { type: 'string' },
        layout: { type: 'string' },
        servers: { type: 'string' },
        workers: { type: 'string' },
        rate: { type: 'string' },
        only: { type: 'string', multiple: true },
        culprits: { type: 'boolean' },
        attacks: { type: 'boolean' },
        lanes: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function withNames(all: Readonly<Record<string, { readonly what: string }>>) {
  return Object.entries(all).map(([name, { what }]) => ({ name, what }));
}

function section(title: string, all: readonly { name: string; what: string }[]): readonly string[] {
  return [title, ...all.map(({ name, what }) => `  ${name.padEnd(16)}${what}`), ''];
}

function named(only: readonly string[], names: readonly string[]): readonly string[] {
  const stranger = only.find((name) => !names.includes(name));
  if (stranger === undefined) return only;
  throw new UsageError(`--only is one of ${names.join(', ')}, not ${stranger}`);
}

interface Range {
  readonly least: number;
  readonly most: number;
}

function within(name: string, text: string, { least, most }: Range): number {
  const number = Number(text);
  if (text !== '' && number >= least && number <= most) return number;
  throw new UsageError(`--${name} is a number from ${least} to ${most}, not ${text}`);
}

function whole(name: string, text: string, range: Range): number {
  const number = within(name, text, range);
  if (Number.isInteger(number)) return number;
  throw new UsageError(`--${name} is a whole number, not ${text}`);
}

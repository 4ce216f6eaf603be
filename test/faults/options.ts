import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { attacks } from './attacks/index.js';
import type { Layout } from './cluster.js';
import { culprits } from './culprits/culprits.js';
import { kinds, kindsNamed } from './kinds/index.js';
import { laneTrials } from './lanes/index.js';

/** What is to be done: faults under load, or one culprit, attack or trial of lanes after the other. */
export type Options =
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

/** What the command line says. Throws with what is wrong with it, and how it is used. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      minutes: { type: 'string', default: '5' },
      seed: { type: 'string' },
      store: { type: 'string', default: 'sqlite' },
      layout: { type: 'string' },
      servers: { type: 'string', default: '1' },
      workers: { type: 'string', default: '1' },
      rate: { type: 'string', default: '20' },
      only: { type: 'string', multiple: true, default: [] },
      culprits: { type: 'boolean', default: false },
      attacks: { type: 'boolean', default: false },
      lanes: { type: 'boolean', default: false },
    },
  });
  const { store, only } = values;
  if (values.culprits)
    return {
      what: 'culprits',
      only: named(
        only,
        culprits.map(({ name }) => name),
      ),
    };
  if (values.attacks) return { what: 'attacks', only: named(only, Object.keys(attacks)) };
  if (values.lanes) return { what: 'lanes', only: named(only, Object.keys(laneTrials)) };
  if (store !== 'sqlite' && store !== 'postgres') throw new Error(`--store is sqlite or postgres, not ${store}`);
  const servers = whole('servers', values.servers, { least: 1, most: 8 });
  const workers = whole('workers', values.workers, { least: 1, most: 8 });
  const layout = values.layout ?? (store === 'sqlite' && servers + workers === 2 ? 'start' : 'apart');
  if (layout !== 'start' && layout !== 'apart') throw new Error(`--layout is start or apart, not ${layout}`);
  if (layout === 'start' && servers + workers > 2)
    throw new Error('a start has one receiver and one worker: --layout apart has --servers and --workers');
  const unknown = only.find((name) => kindsNamed(name).length === 0);
  if (unknown !== undefined) throw new Error(`--only is one of ${Object.keys(kinds).join(', ')}, not ${unknown}`);
  return {
    what: 'faults',
    minutes: within('minutes', values.minutes, { least: 0.1, most: 24 * 60 }),
    seed: values.seed === undefined ? randomInt(2 ** 31) : whole('seed', values.seed, { least: 0, most: 2 ** 32 - 1 }),
    store,
    layout,
    servers,
    workers,
    rate: within('rate', values.rate, { least: 0.1, most: 500 }),
    only,
  };
}

function named(only: readonly string[], names: readonly string[]): readonly string[] {
  const stranger = only.find((name) => !names.includes(name));
  if (stranger === undefined) return only;
  throw new Error(`--only is one of ${names.join(', ')}, not ${stranger}`);
}

interface Range {
  readonly least: number;
  readonly most: number;
}

function within(name: string, text: string, { least, most }: Range): number {
  const number = Number(text);
  if (text !== '' && number >= least && number <= most) return number;
  throw new Error(`--${name} is a number from ${least} to ${most}, not ${text}`);
}

function whole(name: string, text: string, range: Range): number {
  const number = within(name, text, range);
  if (Number.isInteger(number)) return number;
  throw new Error(`--${name} is a whole number, not ${text}`);
}

import { didYouMean } from '../triggers/did-you-mean.js';
import { doubtOfBraces } from '../triggers/doubtful-braces.js';
import { doubtOfLabel } from '../triggers/doubtful-label.js';
import { doubtOfPath } from '../triggers/doubtful-path.js';
import { doubtOfRegularExpression } from '../triggers/doubtful-regular-expression.js';
import { surelyIncluded } from '../triggers/glob.js';
import { doubtOfChoices } from '../triggers/pattern-problems.js';
import type { Trigger } from '../triggers/trigger.js';
import type { ModuleReport } from './module-report.js';
import { placeOf } from './source-position.js';
import { whyNobodyMay } from './unaskable-sources.js';
import type { UsedName } from './used-names.js';

/** What the configuration holds of what modules can name. */
export interface Configured {
  /** By name, the kinds of events that a source can tell of, and whether its API tells what somebody may do. */
  readonly sources: Readonly<Record<string, { readonly events: readonly string[]; readonly tellsPermissions?: false }>>;
  /**
   * By option (`channels.slack`) and name, what has to be set and is not, for example `url`. An option that is absent is not
   * looked at.
   */
  readonly named: Readonly<Record<string, Readonly<Record<string, string | undefined>> | undefined>>;
  /** By name, the kinds of builds. */
  readonly kindsOfBuilds?: Readonly<Record<string, string>>;
  /** By the name of a secret that is for some automations alone, the globs of those. */
  readonly secretsOf?: Readonly<Record<string, readonly string[]>>;
}

/** What modules and the configuration say of each other, a line each, with file and line. */
export interface Remarks {
  /** Something never runs: its trigger waits for what can't come. */
  readonly problems: readonly string[];
  /** A run that comes to this place fails, or a trigger hardly means what it says. */
  readonly warnings: readonly string[];
}

/** Compares a module with the configuration. Without one, only what the triggers say by themselves is looked at. */
export async function compare(report: ModuleReport, configured: Configured | undefined): Promise<Remarks> {
  const told = await Promise.all(
    report.automations.flatMap(({ name, on }) =>
      on.flatMap((trigger) => [
        // A pattern that was refused may not also be one that matches.
        ...(report.problems.length > 0 ? [] : doubtsOf(trigger)).map(async (remark) => ({
          ...remark,
          place: await place(report, name, remark),
        })),
        ...(configured ? sourcesOf(trigger, name, configured) : []).map(async (remark) => ({
          ...remark,
          place: await place(report, name, remark),
        })),
      ]),
    ),
  );
  const lines = (isProblem: boolean) =>
    told.filter((one) => isProblem === (one.isProblem ?? false)).map((one) => `${one.place}: ${one.says}`);
  // What a trigger names stands in the code too.
  const isTold = ({ place }: UsedName) => told.some((one) => one.isProblem && one.place === place);
  const others = { ...report, names: report.names.filter((name) => !isTold(name)) };
  return {
    problems: lines(true),
    warnings: [
      ...lines(false),
      ...(configured ? [...missing(others, configured), ...withheld(report, configured)] : []),
    ],
  };
}

/** Returns which automations the configuration gives secrets to that are not there, a line each. */
export function unknownAutomations(
  reports: readonly ModuleReport[],
  { secretsOf = {} }: Partial<Configured> = {},
): string[] {
  if (reports.some(({ unread }) => unread)) return [];
  const all = reports.flatMap(({ automations, functions }) => [...automations.map(({ name }) => name), ...functions]);
  return Object.entries(secretsOf).flatMap(([secret, globs]) =>
    globs
      .filter((glob) => /^\w+$/.test(glob) && !all.includes(glob))
      .map((glob) => `secrets.${secret}.automations: there is no automation "${glob}"${didYouMean(glob, all) ?? ''}`),
  );
}

interface Remark {
  readonly says: string;
  /** The text of the code that it is about, and the options of triggers that may hold it. */
  readonly about: string;
  readonly options: readonly string[];
  readonly isProblem?: true;
}

function place(report: ModuleReport, exported: string, { about, options }: Remark): Promise<string> {
  return placeOf(report, { what: options.map((option) => `option ${option}`), name: about, exported });
}

/** Options that hold patterns for names, with whose. */
const PATTERNS = {
  paths: 'path',
  branches: 'branch',
  headBranches: 'branch',
  tags: 'tag',
  repositories: 'repository',
} as const;
/** Options that hold patterns for text. */
const TEXTS = ['titles', 'messages', 'authors', 'names', 'environments', 'types'] as const;
/** Options that hold names as they are. */
const LABELS = ['labels', 'allLabels'] as const;

/** Patterns and names that may match, and probably mean something else. */
function doubtsOf(trigger: Trigger): Remark[] {
  const options: Partial<Record<string, unknown>> = { ...trigger };
  return [...Object.keys(PATTERNS), ...TEXTS, ...LABELS].flatMap((option) => {
    const list = (options[option] ?? []) as readonly string[];
    return list.flatMap((text) => {
      const doubt = doubtOf(option, text, list);
      if (doubt === undefined) return [];
      return [{ says: `${option}: ${JSON.stringify(text)} ${doubt}`, about: text, options: [option] }];
    });
  });
}

function doubtOf(option: string, text: string, list: readonly string[]): string | undefined {
  if ((LABELS as readonly string[]).includes(option)) return doubtOfLabel(text);
  const doubt = doubtOfRegularExpression(text);
  if (doubt !== undefined || !isForNames(option)) return doubt;
  return (
    doubtOfBraces(text) ??
    doubtOfChoices(text, PATTERNS[option]) ??
    (option === 'paths' ? doubtOfPath(text, list) : undefined)
  );
}

function isForNames(option: string): option is keyof typeof PATTERNS {
  return Object.hasOwn(PATTERNS, option);
}

/** Sources that are not there, or that can't tell of what the trigger waits for. */
function sourcesOf(trigger: Trigger, automation: string, { sources }: Configured): Remark[] {
  if (['schedule', 'manual', 'chained'].includes(trigger.kind)) return [];
  const named = 'sources' in trigger ? trigger.sources : undefined;
  const about = { options: ['sources', 'source'] };
  const strangers = (named ?? []).filter((name) => !Object.hasOwn(sources, name));
  if (strangers.length > 0)
    return strangers.map((name) => ({
      ...about,
      about: name,
      says: `"${automation}" listens to the source "${name}", which is not configured${instead(name, sources, 'sources')}`,
      isProblem: true,
    }));
  const heard = named ?? Object.keys(sources);
  const telling = heard.flatMap((name) => {
    const source = sources[name];
    return source?.events.includes(trigger.kind) ? [{ ...source, name }] : [];
  });
  const nobodyMay = whyNobodyMay(trigger, telling);
  if (nobodyMay !== undefined) return [{ ...about, about: named?.[0] ?? '', says: `"${automation}" ${nobodyMay}` }];
  if (telling.length > 0) return [];
  const whom = named ? `the source ${named.join(', ')} does not send` : 'no configured source sends';
  const says = `"${automation}" waits for events of the kind ${trigger.kind}, which ${whom}: it never runs`;
  return [{ ...about, about: named?.[0] ?? '', says }];
}

/** Names of the configuration that the code holds, and that are not there or not set. */
function missing({ names }: Pick<ModuleReport, 'names'>, { sources, named, kindsOfBuilds = {} }: Configured): string[] {
  const options: Configured['named'] = { ...named, sources: setOf(sources) };
  return names.flatMap(({ what, name, place, kind }) => {
    const known = Object.hasOwn(options, what) ? options[what] : undefined;
    if (known === undefined) return [];
    const option = `${what}.${name}`;
    if (!Object.hasOwn(known, name)) return [`${place}: ${option} is not configured${instead(name, known, what)}`];
    const is = kind !== undefined && Object.hasOwn(kindsOfBuilds, name) ? kindsOfBuilds[name] : kind;
    if (is !== kind) return [`${place}: ${option} is of the kind ${is}: call triggerBuild.pipeline for it`];
    const unset = known[name];
    return unset === undefined ? [] : [`${place}: ${option}${unset} is not set, and is needed here: set its variable`];
  });
}

/** Secrets that the code names and its automations do not get: where it does not tell which one asks, those that none of them gets. */
function withheld({ names, automations }: ModuleReport, { secretsOf = {} }: Configured): string[] {
  const all = automations.map(({ name }) => name);
  return names.flatMap(({ what, name, place, within }) => {
    const globs = what === 'secrets' && Object.hasOwn(secretsOf, name) ? secretsOf[name] : undefined;
    if (globs === undefined) return [];
    const asking = within !== undefined && all.includes(within) ? [within] : all;
    if (asking.length === 0 || asking.some((automation) => surelyIncluded(automation, globs))) return [];
    const whom = asking.map((automation) => `"${automation}"`).join(', ');
    const option = `secrets.${name}.automations`;
    const [meant] = globs.flatMap((glob) => didYouMean(glob, asking)?.replace(/^;/, `, which has "${glob}";`) ?? []);
    return [
      `${place}: secrets.${name} is not for ${whom}${meant ? `: ${option} does not list it${meant}` : `: add it to ${option}`}`,
    ];
  });
}

function setOf(sources: Configured['sources']): Readonly<Record<string, undefined>> {
  return Object.fromEntries(Object.keys(sources).map((name) => [name, undefined]));
}

function instead(name: string, known: object, option: string): string {
  return didYouMean(name, Object.keys(known)) ?? `: add ${option}.${name} to hookyard.config.ts`;
}

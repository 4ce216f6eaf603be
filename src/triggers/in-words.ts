import type { Trigger } from './trigger.js';

type OptionsOf<T> = T extends unknown ? Exclude<keyof T, 'kind'> : never;
type Own = 'cron' | 'automation' | 'inputs';

/** What each option of a trigger is called before its patterns, or what it says where it is set. */
const OPTIONS = {
  actions: 'action',
  allLabels: 'with all labels of',
  authors: 'author',
  bots: { false: 'not of bots' },
  branches: 'branch',
  catchUp: 'made up for within',
  commands: 'command',
  draft: { true: 'only drafts', false: 'no drafts' },
  environments: 'environment',
  forks: { true: 'of forks without approval' },
  headBranches: 'from branch',
  jitter: 'spread over',
  labels: 'with a label of',
  messages: 'message',
  names: 'name',
  on: 'on',
  outcomes: 'outcome',
  own: { true: 'of Hookyard itself too' },
  paths: 'changed file',
  permission: 'by who may',
  prerelease: { true: 'only prereleases', false: 'no prereleases' },
  repositories: 'repository',
  skippable: { false: 'in spite of skip marks' },
  sources: 'source',
  states: 'state',
  tags: 'tag',
  timezone: 'in the time of',
  titles: 'title',
  types: 'type',
} as const satisfies Record<
  Exclude<OptionsOf<Trigger>, Own>,
  string | { readonly true?: string; readonly false?: string }
>;

/**
 * Returns in one line what starts an automation, with all that filters it: `push: branch main; changed file docs/**`. Of several
 * patterns the last that matches counts, as in the trigger.
 */
export function triggerInWords(trigger: Trigger): string {
  const said = Object.entries(OPTIONS).flatMap(([name, says]) => {
    const value = (trigger as unknown as Readonly<Record<string, unknown>>)[name];
    if (value === undefined) return [];
    if (typeof says === 'string') return `${says} ${[value].flat().join(', ')}`;
    return (says as Readonly<Record<string, string>>)[String(value)] ?? [];
  });
  return said.length === 0 ? headOf(trigger) : `${headOf(trigger)}: ${said.join('; ')}`;
}

function headOf(trigger: Trigger): string {
  switch (trigger.kind) {
    case 'schedule':
      return `at times: ${trigger.cron}`;
    case 'manual':
      return 'by hand';
    case 'chained':
      return `after ${trigger.automation}`;
    case 'generic':
      return 'webhook of a service';
    default:
      return trigger.kind.replaceAll('_', ' ');
  }
}

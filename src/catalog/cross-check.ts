import { relative } from 'node:path';
import { BUILT_IN_COMMANDS } from '../events/comment-commands.js';
import type { Trigger } from '../triggers/trigger.js';
import type { ModuleReport } from './module-report.js';

/** Returns what is wrong between automations that are each fine by themselves. `authored`: modules that people wrote. */
export function crossCheck(authored: readonly ModuleReport[]): string[] {
  const names = authored.flatMap(({ automations }) => automations.map(({ name }) => name));
  return authored.flatMap(({ file, automations }) =>
    automations.flatMap(({ name, on }) =>
      on
        .map((trigger) => problemWith(trigger, { name, names }))
        .filter((problem) => problem !== undefined)
        .map((problem) => `${relative(process.cwd(), file)}: "${name}" ${problem}`),
    ),
  );
}

function problemWith(
  trigger: Trigger,
  { name, names }: { name: string; names: readonly string[] },
): string | undefined {
  if (trigger.kind === 'chained') {
    // It would start itself over and over, or silently wait for what never comes.
    if (trigger.automation === name) return `runs on completed('${name}'), which is itself`;
    if (!names.includes(trigger.automation))
      return `runs on completed('${trigger.automation}'), and there is no automation of that name`;
  }
  if (trigger.kind === 'comment') {
    const taken = trigger.commands?.find((command) => BUILT_IN_COMMANDS.includes(command));
    if (taken) return `listens to the command /${taken}, which Hookyard has itself: give it another name`;
  }
  return undefined;
}

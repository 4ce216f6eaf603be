import { relative } from 'node:path';
import { BUILT_IN_COMMANDS } from '../events/comment-commands.js';
import type { Trigger } from '../triggers/trigger.js';
import type { ModuleReport } from './module-report.js';

/** What is wrong with automations that each is fine by itself. `own`: of the modules that people wrote. */
export function crossCheck(own: readonly ModuleReport[]): string[] {
  const names = own.flatMap(({ automations }) => automations.map(({ name }) => name));
  return own.flatMap(({ file, automations }) =>
    automations.flatMap(({ name, on }) =>
      on
        .map((trigger) => troubleWith(trigger, { name, names }))
        .filter((trouble) => trouble !== undefined)
        .map((trouble) => `${relative(process.cwd(), file)}: "${name}" ${trouble}`),
    ),
  );
}

function troubleWith(
  trigger: Trigger,
  { name, names }: { name: string; names: readonly string[] },
): string | undefined {
  if (trigger.kind === 'chained') {
    // It would wait without a word, or go round.
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

import { BUILT_IN_COMMANDS } from '../events/comment-commands.js';
import { didYouMean } from '../triggers/did-you-mean.js';
import type { Trigger } from '../triggers/trigger.js';
import type { ModuleReport } from './module-report.js';
import { placeOf } from './source-position.js';

/** Returns what is wrong between automations that are each fine by themselves. `authored`: modules that people wrote. */
export async function crossCheck(authored: readonly ModuleReport[]): Promise<string[]> {
  // Of names that a module may have which can't be read, none is missing.
  const isKnown = !authored.some(({ unread }) => unread);
  const names = authored.flatMap(({ automations }) => automations.map(({ name }) => name));
  const found = authored.flatMap((report) =>
    report.automations.flatMap(({ name, on }) =>
      on.flatMap((trigger) => {
        const problem = problemWith(trigger, { name, names, isKnown });
        return problem ? [{ report, exported: name, ...problem }] : [];
      }),
    ),
  );
  return Promise.all(
    found.map(async ({ report, exported, about, says }) => {
      const place = await placeOf(report, { what: ['completed', 'option commands'], name: about, exported });
      return `${place}: "${exported}" ${says}`;
    }),
  );
}

interface Problem {
  /** The text of the code that it is about. */
  readonly about: string;
  readonly says: string;
}

function problemWith(
  trigger: Trigger,
  { name, names, isKnown }: { name: string; names: readonly string[]; isKnown: boolean },
): Problem | undefined {
  if (trigger.kind === 'chained') {
    const { automation: about } = trigger;
    // Of what was refused nothing more is said.
    if (typeof about !== 'string' || about === '') return undefined;
    // It would start itself over and over, or silently wait for what never comes.
    if (about === name) return { about, says: `runs on completed('${about}'), which is itself` };
    const meant = didYouMean(about, names) ?? '';
    if (isKnown && !names.includes(about))
      return { about, says: `runs on completed('${about}'), and there is no automation of that name${meant}` };
  }
  if (trigger.kind === 'comment') {
    const taken = trigger.commands?.find((command) => BUILT_IN_COMMANDS.includes(command));
    if (taken)
      return {
        about: taken,
        says: `listens to the command /${taken}, which Hookyard has itself: give it another name`,
      };
  }
  return undefined;
}

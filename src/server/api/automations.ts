import type { Client } from '@temporalio/client';
import { createBatcher } from '../../async/batch.js';
import { valueWithin } from '../../async/deadline.js';
import { sharedAnswers } from '../../async/shared-answer.js';
import type { Automation } from '../../triggers/automation.js';
import { triggerInWords } from '../../triggers/in-words.js';
import { detailsOf } from '../../triggers/inputs.js';
import type { ManualTrigger } from '../../triggers/kinds/manual.js';
import { HttpError } from '../http/http-error.js';
import { schedulesOf } from './automation-schedules.js';
import type {
  AutomationAnswer,
  AutomationsAnswer,
  ListedRun,
  RunStatistics,
  ShownAutomation,
  ShownInput,
} from './contract.js';
import { lastRunsOf, MAX_NAMED } from './last-runs.js';
import { listRuns } from './list-runs.js';
import { type NamedPage, namedPage } from './named-page.js';
import { statisticsOf } from './run-statistics.js';

/** What {@link createAutomationAnswers} asks. */
export interface AutomationsDeps {
  readonly client: Client;
  readonly uiUrl: string | undefined;
  readonly taskQueue: string;
  readonly automations: () => readonly Automation[];
}

const DAYS_30_MS = 30 * 24 * 3_600_000;
/** Runs of an automation that are counted. */
const COUNTED = 100;
/** Runs that are shown of one. */
const SHOWN = 25;
const FRESH_MS = 5_000;
/** Automations of which is kept what Temporal told lately. */
const MAX_KNOWN = 10_000;
/** What Temporal has not told by then is left out. */
const DEADLINE_MS = 3_000;
const LATE = 'Temporal does not tell of runs in time; try again later';

/**
 * Returns what tells of a page of automations, and of one. Pages share for five seconds what Temporal tells of each of them, so that it is
 * asked no more often however they are cut, and by whatever name they are looked for.
 */
export function createAutomationAnswers(deps: AutomationsDeps) {
  const own = () => ownAutomations(deps);
  const find = (name: string) => own().find((automation) => automation.name === name);
  const shared = <T>(ask: (name: string) => Promise<T>) => sharedAnswers(ask, { freshMs: FRESH_MS, most: MAX_KNOWN });
  const told: Told = {
    recent: shared(createRecent(deps)),
    schedules: shared(async (name) => {
      const found = find(name);
      return found ? schedulesOf(deps, found) : [];
    }),
  };
  return {
    page: async (asked: NamedPage) => pageOf(told, namedPage(own(), asked, { isSorted: true })),
    /** Undefined if there is none of this name. */
    one: async (name: string): Promise<Omit<AutomationAnswer, 'addresses'> | undefined> => {
      const found = find(name);
      if (!found) return undefined;
      const [runs, schedules] = await Promise.all([runsOf(deps, name), schedulesOf(deps, found)]);
      return {
        ...shown(found, schedules),
        ...(typeof runs === 'string' ? { away: runs } : { recent: statisticsOf(runs), runs: runs.slice(0, SHOWN) }),
      };
    },
  };
}

/** Returns the automations that do not come with Hookyard, by name. */
export function ownAutomations({ automations }: Pick<AutomationsDeps, 'automations'>): Automation[] {
  return automations()
    .filter(({ builtIn }) => !builtIn)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Returns what tells how an automation's last runs went, or in words why that is not known. All that are asked for at once are one question. */
function createRecent(deps: AutomationsDeps): Told['recent'] {
  interface Wanted {
    readonly name: string;
    readonly tell: (recent: RunStatistics) => void;
  }
  const ask = createBatcher<Wanted, undefined>({
    max: { requests: MAX_NAMED, bytes: Number.POSITIVE_INFINITY },
    async run(wanted) {
      const tells = new Map(wanted.map(({ name, tell }) => [name, tell]));
      const since = Date.now() - DAYS_30_MS;
      await lastRunsOf(deps, [...tells.keys()], { since, most: COUNTED }, (name, runs) =>
        tells.get(name)?.(statisticsOf(runs)),
      );
      return wanted.map(() => ({ status: 'fulfilled', value: undefined }));
    },
  });
  return (name) =>
    new Promise((resolve, reject) => {
      // What has been told by then stands.
      ask({ name, tell: resolve }).catch((error: unknown) =>
        error instanceof HttpError ? resolve(error.message) : reject(error),
      );
    });
}

/** What Temporal tells of an automation, by its name. */
interface Told {
  /** How its last runs went, or in words why that is not known. */
  readonly recent: (name: string) => Promise<RunStatistics | string>;
  readonly schedules: (name: string) => Promise<NonNullable<ShownAutomation['schedules']>>;
}

async function pageOf(
  told: Told,
  { page: own, next }: ReturnType<typeof namedPage<Automation>>,
): Promise<AutomationsAnswer> {
  const schedules = own.map(({ name }) => told.schedules(name));
  const answers = await Promise.all(
    own.map(async ({ name }) => (await valueWithin(DEADLINE_MS, told.recent(name))) ?? LATE),
  );
  const away = answers.find((answer) => typeof answer === 'string');
  const automations = await Promise.all(
    own.map(async (automation, index) => {
      const recent = answers[index];
      return {
        ...shown(automation, await schedules[index]),
        ...(typeof recent === 'object' && { recent }),
      };
    }),
  );
  return { automations, ...(next !== undefined && { next }), ...(away !== undefined && { away }) };
}

/** Returns the last runs of an automation, or in words why they are not known. */
async function runsOf(deps: AutomationsDeps, automation: string): Promise<readonly ListedRun[] | string> {
  const since = Date.now() - DAYS_30_MS;
  const asked = listRuns({ ...deps, builtIn: [] }, { automation, since }, { limit: COUNTED }).then(
    ({ runs }) => runs,
    (error: unknown) => {
      if (error instanceof HttpError) return error.message;
      throw error;
    },
  );
  return (await valueWithin(DEADLINE_MS, asked)) ?? LATE;
}

function shown(automation: Automation, schedules: ShownAutomation['schedules'] = []): ShownAutomation {
  const { name, file, on } = automation;
  const manual = on.find((trigger): trigger is ManualTrigger => trigger.kind === 'manual');
  return {
    ...{ name, file, triggers: on.map(triggerInWords) },
    ...(manual && { inputs: inputsOf(manual) }),
    ...(schedules.length > 0 && { schedules }),
  };
}

function inputsOf({ inputs }: ManualTrigger): ShownInput[] {
  return Object.entries(inputs).map(([name, spec]) => {
    const { type, default: otherwise, optional, description } = detailsOf(spec);
    return {
      name,
      ...(typeof type === 'string' ? { type } : { type: 'choice' as const, choices: type }),
      ...(otherwise !== undefined && { default: otherwise }),
      ...(optional && { optional }),
      ...(description !== undefined && { description }),
    };
  });
}

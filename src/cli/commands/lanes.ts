import { Command } from 'commander';
import type { LaneMode } from '../../store/store.js';
import { connectApi } from '../client/find-server.js';
import { calledHere } from '../format/called-here.js';
import { jsonText } from '../format/control-characters.js';
import { field } from '../format/field.js';
import { laneLines } from '../format/lane-lines.js';
import { harmless, print } from '../format/paint.js';
import { jsonOption, type ServerOptions, urlOption, wholeNumber } from './options.js';
import { nameOfRun, RUN_NAMES } from './run-argument.js';
import { whoIsHere } from './who-is-here.js';

interface ListOptions extends ServerOptions {
  readonly limit: number;
}

interface SignedOptions extends ServerOptions {
  readonly reason?: string;
  readonly by: string;
}

interface HoldOptions extends SignedOptions {
  readonly ahead?: boolean;
}

/** As many as the server gives at once. */
const MAX_LIMIT = 500;

/** `hookyard lanes`: shows who runs and who waits in the lanes, and lets an operator hold one up or change its order. */
export const lanes = () => {
  const command = new Command('lanes').description('show the lanes: who runs, who waits, since when and why');
  command
    .command('list', { isDefault: true })
    .description('list the lanes that somebody is in, and those that are paused or being drained')
    .argument('[name]', 'only those whose name holds this')
    .option('--limit <number>', 'how many lanes', wholeNumber({ least: 1, most: MAX_LIMIT }), 50)
    .addOption(urlOption)
    .option('--json', 'print JSON, one lane a line')
    .action(async (named: string | undefined, { limit, json, ...options }: ListOptions) => {
      const api = await connectApi(options);
      const { lanes: list, next } = await api.lanes({ named, limit });
      if (json) for (const lane of list) print(jsonText(lane));
      else for (const line of list.flatMap((lane) => laneLines(lane, Date.now()))) print(line);
      if (!json && list.length === 0) print(named === undefined ? 'Nobody is in a lane' : noLaneHolds(named));
      if (next !== undefined) process.stderr.write(`There are more: ${howToSeeMore(limit)}\n`);
    });
  for (const [name, { mode, says }] of Object.entries(MODES))
    signedCommand(command, name, says)
      .argument('<lane>', 'its name, as hookyard lanes shows it, or a beginning that only it has')
      .option('--ahead', 'also where nobody was in it yet: then the name has to be the whole one that it will have')
      .action(async (lane: string, { reason, by, json, ahead, ...options }: HoldOptions) => {
        const api = await connectApi(options);
        const answer = await api.changeLane({ lane, mode, by, reason, ...(ahead && { ahead }) });
        if (json) return print(jsonText(answer));
        print(field(answer.mode, harmless(`${answer.title}${answer.ahead ? ', which nobody was in yet' : ''}`)));
      });
  signedCommand(command, 'move', 'put a waiting run ahead of all others of its lane')
    .argument('<run...>', RUN_NAMES)
    .action(async (words: readonly string[], { reason, by, json, ...options }: SignedOptions) => {
      const api = await connectApi(options);
      const { run } = await api.namedRun(nameOfRun(words), 'lanes move');
      const answer = await api.moveInLane({ run, by, reason });
      if (json) return print(jsonText(answer));
      print(field('ahead', harmless(answer.run)));
    });
  return command;
};

function howToSeeMore(limit: number): string {
  if (limit === MAX_LIMIT) return 'name them by a part of their names, or look at the page, under /lanes';
  return `--limit ${Math.min(MAX_LIMIT, limit * 4)} shows them`;
}

function noLaneHolds(named: string): string {
  return `Nobody is in a lane whose name holds "${harmless(named)}". ${calledHere()} lanes --help lists what can be done with one`;
}

const MODES = {
  pause: { mode: 'paused', says: 'let nobody on in a lane; runs that are under way go on' },
  drain: { mode: 'draining', says: 'take nobody more into a lane, and let on who waits in it' },
  resume: { mode: 'open', says: 'let a lane go on that was paused or drained' },
} as const satisfies Record<string, { mode: LaneMode; says: string }>;

function signedCommand(parent: Command, name: string, says: string): Command {
  return parent
    .command(name)
    .description(says)
    .option('--reason <text>', 'why: it is kept, and shown to those who wait')
    .option('--by <name>', 'who asks for it; default: the name of the account', whoIsHere())
    .addOption(urlOption)
    .addOption(jsonOption);
}

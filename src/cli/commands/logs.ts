import { Command, Option } from 'commander';
import type { LogsAnswer } from '../../server/api/contract.js';
import { stopIfUnread } from '../broken-pipe.js';
import type { Api } from '../client/api.js';
import { connectApi } from '../client/find-server.js';
import { jsonText } from '../format/control-characters.js';
import { logLine } from '../format/log-line.js';
import { harmless, paint, print } from '../format/paint.js';
import { UserError } from '../user-error.js';
import { follow } from './follow.js';
import { type ServerOptions, urlOption } from './options.js';
import { nameOfRun, RUN_NAMES } from './run-argument.js';

interface Options extends Pick<ServerOptions, 'url'> {
  readonly follow?: boolean;
  readonly search?: string;
  readonly json?: boolean;
}

type Line = LogsAnswer['lines'][number];

/** Lines that are asked for at once. */
const PAGE = 500;

/** `hookyard logs`: prints what a run's jobs have written, or the lines of it that hold a text. */
export const logs = () =>
  new Command('logs')
    .description("print the output of a run's jobs")
    .argument('<run...>', RUN_NAMES)
    .addOption(
      new Option('--follow', 'go on until the run has ended, and exit by its outcome').conflicts(['search', 'json']),
    )
    .option('--search <text>', 'only lines that hold this text, with their numbers; exits with 1 if there is none')
    .option('--json', 'print JSON, a line for each line')
    .addOption(urlOption)
    .action(async (words: readonly string[], options: Options) => {
      const api = await connectApi(options);
      const { run } = await api.namedRun(nameOfRun(words), 'logs');
      if (options.follow) return follow(api, run, {});
      const { jobs } = await api.logs({ run });
      if (jobs.length === 0)
        throw new UserError(`No job of "${run}" has written anything; npx hookyard runs lists what ran`);
      let count = 0;
      for (const job of jobs)
        for await (const line of options.search === undefined
          ? linesOf(api, { run, job })
          : linesWith(api, { run, job, text: options.search })) {
          stopIfUnread();
          count += 1;
          print(textOf(line, { job: jobs.length > 1 ? job : undefined, of: job, options }));
        }
      if (options.search !== undefined && count === 0) {
        if (!options.json) print(paint('gray', `No line has "${harmless(options.search)}".`));
        process.exitCode = 1;
      }
    });

function textOf(
  line: Line,
  { job, of, options }: { readonly job: string | undefined; readonly of: string; readonly options: Options },
): string {
  if (options.json) return jsonText({ job: of, ...line });
  const text = logLine(line, job);
  return options.search === undefined ? text : `${paint('gray', String(line.number))} ${text}`;
}

async function* linesOf(api: Api, of: { readonly run: string; readonly job: string }): AsyncGenerator<Line> {
  for (let after = 0; ; ) {
    const { lines } = await api.logs({ ...of, after, limit: PAGE });
    yield* lines;
    after = lines.at(-1)?.number ?? after;
    if (lines.length < PAGE) return;
  }
}

async function* linesWith(
  api: Api,
  of: { readonly run: string; readonly job: string; readonly text: string },
): AsyncGenerator<Line> {
  for (let from: number | undefined; ; ) {
    const { lines, next } = await api.searchLog({ ...of, from, limit: PAGE });
    yield* lines;
    from = next;
    if (from === undefined) return;
  }
}

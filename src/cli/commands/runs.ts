import { Command } from 'commander';
import type { StuckRun } from '../../server/api/contract.js';
import { connectApi } from '../client/find-server.js';
import { jsonText } from '../format/control-characters.js';
import { field } from '../format/field.js';
import { harmless, paint, print } from '../format/paint.js';
import { type ServerOptions, urlOption } from './options.js';

/** `hookyard runs --stuck`: lists the runs that don't go on by themselves. Exit code 1 if there are some. */
export const runs = () =>
  new Command('runs')
    .description('list the runs that need somebody, and why')
    .requiredOption('--stuck', 'those that do not go on by themselves: stuck, failing again and again, or set aside')
    .addOption(urlOption)
    .option('--json', 'print JSON, one run a line')
    .action(async (options: ServerOptions) => {
      const api = await connectApi(options);
      const { runs: list, complete } = await api.stuckRuns();
      if (options.json) for (const run of list) print(jsonText(run));
      else for (const line of list.flatMap(linesOf)) print(line);
      if (!options.json && list.length === 0) print('No run is stuck');
      if (!complete)
        process.stderr.write('Only the newest 200 open runs, and the newest 200 terminated ones, were looked at\n');
      if (list.length > 0) process.exitCode = 1;
    });

function linesOf({ run, automation, since, because, helps, url }: StuckRun): string[] {
  return [
    paint('bold', harmless(run)),
    field('  Since', `${since.slice(0, 19).replace('T', ' ')}  ${harmless(automation)}`),
    field('  Because', harmless(because)),
    field('  Helps', harmless(helps)),
    ...(url ? [field('  Page', harmless(url))] : []),
  ];
}

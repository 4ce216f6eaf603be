import { Command } from 'commander';
import type { OverviewAnswer } from '../../server/api/contract.js';
import { waitInLanes } from '../client/count-waiting-in-lanes.js';
import { connectApi } from '../client/find-server.js';
import { jsonText } from '../format/control-characters.js';
import { print } from '../format/paint.js';
import { statusLines } from '../format/status-lines.js';
import { jsonOption, type ServerOptions, urlOption } from './options.js';

/** `hookyard status`: tells what is broken, what runs and what waits. */
export const status = () =>
  new Command('status')
    .description(
      'tell what is broken, what runs, what waits, and how the sources do; exits with 1 if something is broken',
    )
    .addOption(urlOption)
    .addOption(jsonOption)
    .action(async (options: ServerOptions) => {
      const api = await connectApi(options);
      const overview = await api.overview();
      if (options.json) print(jsonText(overview));
      else for (const line of statusLines(overview, await waitInLanes(api))) print(line);
      if (isBroken(overview)) process.exitCode = 1;
    });

function isBroken({ health, workers, red = [], stuck = [], failedDeliveries }: OverviewAnswer): boolean {
  const isWorked = health.worker === undefined ? workers !== 0 : health.worker !== 'away';
  const isUp = health.ready && health.temporal === 'answers' && isWorked;
  return !isUp || red.length + stuck.length + failedDeliveries.length > 0;
}

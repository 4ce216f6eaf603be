import { Command } from 'commander';
import { connectApi } from '../client/find-server.js';
import { automationLines } from '../format/automation-lines.js';
import { jsonText } from '../format/control-characters.js';
import { harmless, print } from '../format/paint.js';
import { type ServerOptions, urlOption } from './options.js';

/** `hookyard automations`: lists the automations that the server has loaded. */
export const automations = () =>
  new Command('automations')
    .description('list the automations: what starts each, how its last run ended, and how many passed')
    .addOption(urlOption)
    .option('--json', 'print JSON, one automation a line')
    .action(async ({ json, ...options }: ServerOptions) => {
      const api = await connectApi(options);
      const { automations: all, away } = await api.automations();
      if (json) for (const one of all) print(jsonText(one));
      else if (all.length === 0) print('No automation is loaded');
      else for (const line of all.flatMap((one) => automationLines(one, Date.now()))) print(line);
      if (away !== undefined) process.stderr.write(`${harmless(away)}\n`);
    });

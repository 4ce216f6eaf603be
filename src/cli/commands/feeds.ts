import { Command } from 'commander';
import type { Api } from '../client/api.js';
import { connectApi } from '../client/find-server.js';
import { noAutomation } from '../client/unknown-names.js';
import { jsonText } from '../format/control-characters.js';
import { harmless, print } from '../format/paint.js';
import { jsonOption, type ServerOptions, urlOption } from './options.js';

interface Options extends ServerOptions {
  readonly repository?: string;
  readonly branch?: string;
}

/** `hookyard feeds`: prints where other programs read how an automation does. */
export const feeds = () =>
  new Command('feeds')
    .description("print the addresses of an automation's badge, its Atom feed and what build monitors read")
    .argument('<automation>')
    .option('--repository <owner/name>', 'only of its runs about this repository')
    .option('--branch <branch>', 'only of its runs about this branch')
    .addOption(urlOption)
    .addOption(jsonOption)
    .addHelpText(
      'after',
      '\nEach address has a key that opens it for reading, and nothing else: whoever has it may read it.',
    )
    .action(async (automation: string, { repository, branch, json, ...options }: Options) => {
      const api = await connectApi(options);
      await refuseUnknown(api, automation);
      const found = await api.feeds({ automation, repository, branch });
      const [badge, feed, monitor] = [found.badge, found.feed, found.monitor].map((one) =>
        one.startsWith('/') ? `${api.url}${one}` : one,
      );
      if (json) return print(jsonText({ badge, feed, monitor }));
      print(harmless(`badge      ${badge}`));
      print(harmless(`Atom feed  ${feed}`));
      print(harmless(`monitors   ${monitor}`));
    });

/**
 * Throws {@link UserError} for a name that no automation has and that no run is of: its badge would say for ever that there is no run.
 * Of one that is not loaded any more, the runs are there.
 */
async function refuseUnknown(api: Api, name: string): Promise<void> {
  const { automations } = await api.automations();
  if (automations.length === 0 || automations.some((one) => one.name === name)) return;
  const { runs } = await api.runs({ automation: name, limit: 1 });
  if (runs.length === 0) noAutomation(name);
}

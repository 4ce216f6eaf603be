import { Command } from 'commander';
import { loadCatalog } from '../../catalog/load.js';
import { loadConfig } from '../../config/load.js';
import { noteReachedAs } from '../../config/reached-as.js';
import type { HookEventKind } from '../../providers/hooks-api.js';
import { connectApi } from '../client/find-server.js';
import { connectHook } from '../client/hooks/connect-hook.js';
import { HOOK_KINDS, neededKinds } from '../client/hooks/needed-kinds.js';
import { jsonText } from '../format/control-characters.js';
import { field } from '../format/field.js';
import { harmless, print } from '../format/paint.js';
import { UserError } from '../user-error.js';
import { jsonOption } from './options.js';

interface Options {
  readonly url?: string;
  readonly events?: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly test?: boolean;
  readonly json?: boolean;
}

/** `hookyard connect`: makes the webhook of a repository what the automations need. */
export const connect = () =>
  new Command('connect')
    .description("set a repository's webhook at its provider, or bring it up to date, and test it")
    .argument('<source>', 'a configured source with API credentials')
    .argument('<repository>', 'owner/name')
    .option('--url <url>', 'how the provider reaches this server; default: server.publicUrl')
    .option('--events <kinds>', `instead of what the automations listen to: of ${HOOK_KINDS.join(',')}`)
    .option('--dry-run', 'only tell what would be done')
    .option('--force', 'write the webhook also if nothing seems to differ: after a secret was replaced')
    .option(
      '--test',
      "have the provider send its test also if nothing changed; GitLab's and Gitea's is a real push event",
    )
    .option('--no-test', 'send no test')
    .addOption(jsonOption)
    .action(async (source: string, repository: string, options: Options) => {
      const where = { source, repository };
      const config = await loadConfig({ env: process.env, cwd: process.cwd(), secrets: 'find' });
      const connected = await connectHook(
        {
          config,
          api: () => connectApi({}),
          note: (url) => noteReachedAs(config.data, url),
          kinds: async () => kindsOf(options) ?? (await needed(config.automations)),
        },
        { where, ...options, say: options.json ? () => {} : say },
      );
      if (options.json) print(jsonText(connected, 2));
      if (connected.test?.kind === 'lost' || connected.test?.kind === 'refused') process.exitCode = 1;

      async function needed(folder: string): Promise<readonly HookEventKind[]> {
        return neededKinds((await loadCatalog(folder)).automations, where);
      }
    });

function say(word: string, text: string): void {
  print(field(word, harmless(text), STYLES[word] ?? 'bold'));
}

const STYLES: Readonly<Record<string, 'yellow' | 'green' | 'red'>> = {
  Warning: 'yellow',
  Arrived: 'green',
  Lost: 'red',
  Refused: 'red',
};

function kindsOf({ events }: Options): readonly HookEventKind[] | undefined {
  const asked = events?.split(',').map((kind) => kind.trim());
  const unknown = asked?.find((kind) => !(HOOK_KINDS as readonly string[]).includes(kind));
  if (unknown !== undefined)
    throw new UserError(`--events takes a list of ${HOOK_KINDS.join(', ')}, with commas between, not "${unknown}"`);
  return asked as readonly HookEventKind[] | undefined;
}

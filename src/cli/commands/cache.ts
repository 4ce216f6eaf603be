import { Command } from 'commander';
import type { ListedCache } from '../../server/api/contract.js';
import { sizeOf } from '../../server/page/size.js';
import { stopIfUnread } from '../broken-pipe.js';
import { connectApi } from '../client/find-server.js';
import { jsonText } from '../format/control-characters.js';
import { counted } from '../format/counted.js';
import { harmless, paint, print } from '../format/paint.js';
import { UserError } from '../user-error.js';
import { jsonOption, type ServerOptions, urlOption } from './options.js';

interface Options extends ServerOptions {
  readonly source?: string;
  readonly repository?: string;
  readonly branch?: string;
  readonly key?: string;
  readonly all?: true;
}

/** `hookyard cache`: lists and removes what jobs have cached. */
export const cache = () => {
  const command = new Command('cache').description('what jobs have cached');
  filtered(command.command('list').description('list what jobs have cached, with its size')).action(list);
  filtered(command.command('clear').description('remove what jobs have cached: they make it anew'))
    .option('--all', 'all of it, where nothing else is named')
    .action(clear);
  return command;
};

function filtered(command: Command): Command {
  return command
    .option('--repository <owner/name>', 'only of this repository')
    .option('--source <name>', 'only of this source')
    .option('--branch <branch>', 'only what jobs of this branch, or of a pull request, refs/pull/7, have saved')
    .option('--key <beginning>', 'only keys that begin so')
    .addOption(urlOption)
    .addOption(jsonOption);
}

async function list({ json, url, ...filter }: Options): Promise<void> {
  const api = await connectApi(url === undefined ? {} : { url });
  const all: ListedCache[] = [];
  for (let after: string | undefined; ; ) {
    const { caches, next } = await api.caches({ ...filter, after });
    stopIfUnread();
    all.push(...caches);
    if (next === undefined) break;
    after = next;
  }
  if (json) return print(jsonText({ caches: all }));
  for (const { repository, branch, key, bytes, savedAt, run } of all)
    print(
      `${sizeOf(bytes).padStart(10)}  ${harmless(`${repository} ${branch.replace(/^refs\/heads\//, '')}`)}  ${paint('bold', harmless(key))}  ${paint('gray', harmless(`${savedAt.slice(0, 16).replace('T', ' ')} by ${run}`))}`,
    );
  const bytes = all.reduce((sum, one) => sum + one.bytes, 0);
  print(all.length === 0 ? 'Nothing is cached.' : `${sizeOf(bytes).padStart(10)}  in ${entries(all.length)}`);
}

async function clear({ json, url, ...filter }: Options): Promise<void> {
  if (Object.keys(filter).length === 0)
    throw new UserError('Say what is to be removed: --repository, --source, --branch, --key, or --all');
  const api = await connectApi(url === undefined ? {} : { url });
  let removed = 0;
  let bytes = 0;
  for (let after: string | undefined; ; ) {
    const answer = await api.clearCaches({ ...filter, ...(after !== undefined && { after }) });
    removed += answer.removed;
    bytes += answer.bytes;
    if (answer.next === undefined) break;
    after = answer.next;
  }
  if (json) return print(jsonText({ removed, bytes }));
  print(
    `${paint('bold', 'Removed')}: ${entries(removed)}, ${sizeOf(bytes)}, which workers free within a quarter of an hour`,
  );
}

function entries(count: number): string {
  return counted(count, 'entry', 'entries');
}

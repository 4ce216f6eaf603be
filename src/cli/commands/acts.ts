import { Command } from 'commander';
import type { OperatorAct } from '../../server/api/contract.js';
import { connectApi } from '../client/find-server.js';
import { jsonText } from '../format/control-characters.js';
import { harmless, paint, print } from '../format/paint.js';
import { type ServerOptions, urlOption, wholeNumber } from './options.js';

interface Options extends ServerOptions {
  readonly limit: number;
}

/** `hookyard acts`: lists what operators have done, the latest first. */
export const acts = () =>
  new Command('acts')
    .description('list what operators have done, on the page and by commands, the latest first')
    .option('--limit <n>', 'how many, 500 at most', wholeNumber({ least: 1, most: 500 }), 50)
    .addOption(urlOption)
    .option('--json', 'print JSON, one act a line')
    .action(async ({ limit, json, ...options }: Options) => {
      const api = await connectApi(options);
      const { acts: list } = await api.acts({ limit });
      if (json) for (const act of list) print(jsonText(act));
      else if (list.length === 0) print('No operator has done anything yet, or it is not kept any more');
      else
        for (const { at, ...done } of list)
          print(`${paint('gray', at.slice(0, 19).replace('T', ' '))}  ${harmless(wordsOf(done))}`);
    });

function wordsOf({ by, how, act, on, result }: Omit<OperatorAct, 'at'>): string {
  const who = how === undefined ? by : `${by} (${how})`;
  return `${who}  ${act}  ${on}${result === undefined ? '' : ` → ${result}`}`;
}

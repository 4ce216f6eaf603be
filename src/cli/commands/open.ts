import { spawn } from 'node:child_process';
import { Command, Option } from 'commander';
import { runPath } from '../../runs/run-path.js';
import { connectApi } from '../client/find-server.js';
import { print } from '../format/paint.js';
import { type ServerOptions, urlOption } from './options.js';
import { nameOfRun, RUN_NAMES } from './run-argument.js';

interface Options extends ServerOptions {
  readonly print?: boolean;
}

/** `hookyard open`: prints the address of the page, or of a run on it, and opens it in a browser where a person is at the terminal. */
export const open = () =>
  new Command('open')
    .description('open the page, or a run on it, in a browser')
    .argument('[run...]', RUN_NAMES)
    .addOption(new Option('--print', 'only print the address, as is done where the output is piped'))
    .addOption(urlOption)
    .action(async (words: readonly string[], options: Options) => {
      const api = await connectApi(options);
      const path = words.length === 0 ? '/' : runPath((await api.namedRun(nameOfRun(words), 'open')).run);
      const address = `${api.url}${path}`;
      print(address);
      if (options.print !== true && process.stdout.isTTY === true) show(address);
    });

/** Has the desktop open an address. Where there is none, the printed address has to do. */
function show(address: string): void {
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  spawn(program, [address], { detached: true, stdio: 'ignore' })
    .on('error', () => undefined)
    .unref();
}

import { Option } from 'commander';

/** `--url`, of commands that ask a server. */
export const urlOption = new Option('--url <url>', 'address of the server; default: the one that runs here');

/** `--json`, of commands that print one thing. */
export const jsonOption = new Option('--json', 'print JSON');

/** What both options give. */
export interface ServerOptions {
  readonly url?: string;
  readonly json?: boolean;
}

import { Command } from 'commander';
import { loadConfig } from '../../config/load.js';
import { isGitSource } from '../../providers/source.js';
import { connectApi } from '../client/api.js';
import { configuredSource } from '../client/configured-source.js';
import { diagnose } from '../client/doctor/diagnose.js';
import { jsonText } from '../format/controls.js';
import { findingLines } from '../format/finding-lines.js';
import { print } from '../format/paint.js';
import { UserError } from '../user-error.js';
import { jsonOption, type ServerOptions, urlOption } from './options.js';

interface Options extends ServerOptions {
  readonly repository?: string;
}

/** `hookyard doctor`: looks at all that stands between providers and automations. Exit code 1 if something is broken. */
export const doctor = () =>
  new Command('doctor')
    .description('look at sources, credentials, webhooks and the server that runs, and tell what to do')
    .argument('[source]', 'only this one')
    .option('--repository <owner/name>', 'look at its webhook; default: those that deliveries came from lately')
    .addOption(urlOption)
    .addOption(jsonOption)
    .action(async (name: string | undefined, { repository, json, ...options }: Options) => {
      const config = await loadConfig({ env: process.env, cwd: process.cwd(), secrets: 'find' });
      const api = { ...(await connectApi(options)), config };
      const { sources } = config;
      if (name !== undefined) configuredSource(config, name);
      const all = Object.keys(sources);
      const asked = name === undefined ? all : [name];
      const git = all.filter((source) => isGitSource(configuredSource(config, source)));
      if (repository !== undefined && name === undefined && git.length > 1)
        throw new UserError(`Which source is ${repository} of? Name it, hookyard doctor <source>: ${git.join(', ')}`);
      const findings = await diagnose({ api, sources: asked, repository });
      const isBroken = findings.some(({ level }) => level === 'problem');
      if (json) print(jsonText({ healthy: !isBroken, findings }, 2));
      else for (const line of findingLines(findings)) print(line);
      if (isBroken) process.exitCode = 1;
    });

import { Command } from 'commander';
import { ConfigError } from '../../config/config-error.js';
import { type ConfigReading, readConfig } from '../../config/load.js';
import { isGitSource } from '../../providers/source.js';
import { type Finding, findingsAbout } from '../../server/api/findings/finding.js';
import type { Api } from '../client/api.js';
import { configuredSource } from '../client/configured-source.js';
import { configurationFindings } from '../client/doctor/configuration-findings.js';
import { diagnose } from '../client/doctor/diagnose.js';
import { connectApi } from '../client/find-server.js';
import { mustBeReadable } from '../client/readable-data.js';
import { jsonText } from '../format/control-characters.js';
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
      const reading = await readConfig({ env: process.env, cwd: process.cwd(), secrets: 'find', commands: 'run' });
      const configuration = findingsAbout({ about: 'configuration' }, configurationFindings(reading));
      const { config } = reading;
      if (config && reading.problems.length > 0) mustBeReadable(config.data);
      if (!config) return show(configuration, json);
      const api = await apiFor(reading, options);
      const { sources } = config;
      if (name !== undefined) configuredSource(config, name);
      const all = Object.keys(sources);
      const asked = name === undefined ? all : [name];
      const git = all.filter((source) => isGitSource(configuredSource(config, source)));
      if (repository !== undefined && name === undefined && git.length > 1)
        throw new UserError(`Which source is ${repository} of? Name it, hookyard doctor <source>: ${git.join(', ')}`);
      const findings = await diagnose({ api, config, sources: asked, repository });
      show([...configuration, ...findings], json);
    });

/** Where the configuration is broken, the server may not be found by it; all else can still be looked at. */
async function apiFor({ problems }: ConfigReading, options: ServerOptions): Promise<Api | { readonly away: string }> {
  try {
    return await connectApi(options);
  } catch (error) {
    if (problems.length === 0 || !(error instanceof UserError || error instanceof ConfigError)) throw error;
    return { away: 'the configuration has to be corrected first' };
  }
}

function show(findings: readonly Finding[], json: boolean | undefined): void {
  const isBroken = findings.some(({ level }) => level === 'problem');
  if (json) print(jsonText({ healthy: !isBroken, findings }, 2));
  else for (const line of findingLines(findings)) print(line);
  if (isBroken) process.exitCode = 1;
}

import { networkOf } from '../../activities/job/runners/choose-runner.js';
import type { Config, SettledRunner } from '../../config/config.js';
import { runsUrl } from '../../runs/url.js';
import { calledHere } from './called-here.js';
import { paint } from './paint.js';

/** What runs after `hookyard start`, beside what the configuration says. */
export interface Ready {
  /** Where the receiver listens. */
  readonly url: string;
  readonly metrics: string | undefined;
  /** Address of the Temporal server. */
  readonly temporal: string;
  /** Of Temporal. */
  readonly namespace: string;
  readonly automations: readonly string[];
  /** Why this machine can make no sandbox for jobs; undefined where it can. */
  readonly noSandbox?: string | undefined;
}

/** Returns what a person needs to know once everything runs. Sources have the address that others reach them at. */
export function readyLines(
  config: Config,
  { url, metrics, temporal, namespace, automations, noSandbox }: Ready,
): string[] {
  const line = (what: string, text: string) => `  ${paint('bold', what.padEnd(13))} ${text}`;
  const { port, publicUrl = url } = config.server;
  const { uiUrl, taskQueue } = config.temporal;
  const isOtherPort = port !== 0 && Number(new URL(url).port) !== port;
  return [
    `\n${paint('green', 'Hookyard is ready')}`,
    line('page', `${url}/`),
    ...Object.entries(config.sources).map(([name, { enabled }]) =>
      line(`source ${name}`, enabled ? `${publicUrl}/webhooks/${name}` : 'off: enabled is false'),
    ),
    ...(publicUrl === url ? [] : [line('receiver', `${url}, to be reached as ${publicUrl}`)]),
    ...(isOtherPort ? [line('', `(port ${port} is busy: this is the next free one)`)] : []),
    line('Temporal', temporal),
    ...(uiUrl ? [line('Temporal UI', uiUrl), line('runs', runsUrl(uiUrl, { namespace, taskQueue }))] : []),
    ...(metrics ? [line('metrics', metrics)] : []),
    line('automations', `${automations.join(', ') || 'none yet'}  (${config.automations})`),
    line('jobs', jobsInWords(config.jobs, noSandbox)),
    line('data', config.data),
    ...config.generatedSecrets.map(({ name, path, isNew }) =>
      line('secret', `${name}: ${path}${isNew ? '  (new)' : ''}`),
    ),
    ...(config.sources.demo?.enabled ? [line('try', `${calledHere()} demo`)] : []),
    line('stop', 'Ctrl-C\n'),
  ];
}

/** Of jobs as they were settled for this machine. Own code stays on the machine by default: most builds need packages from the network, and tools that lie in homes. */
function jobsInWords(jobs: Config['jobs'], noSandbox: string | undefined): string {
  const { runner, settled } = jobs;
  if (runner === 'container') return 'all in containers';
  if (settled?.because !== undefined) return settledInWords(settled, { forksRun: noSandbox === undefined });
  if (noSandbox !== undefined)
    return `${runner === 'sandbox' ? 'none' : 'own code alone'}: no sandbox here, ${noSandbox} (${calledHere()} doctor)`;
  if (runner === 'sandbox')
    return `all in a sandbox${networkOf(jobs) === 'none' ? '' : ', own code with network'} (docs/runners.md says what they see)`;
  return "own code on this machine, since builds need its network and tools (jobs.runner: 'auto' or 'sandbox' shuts it off too); the code of forks in a sandbox";
}

function settledInWords({ runner, because, advice }: SettledRunner, { forksRun }: { forksRun: boolean }): string {
  const why = `${because} (${advice ?? `${calledHere()} doctor`})`;
  if (runner === 'sandbox') return `all in a sandbox, but none could be made just now: ${why}`;
  return forksRun
    ? `own code on this machine, since no sandbox with network can be made here: ${why}; the code of forks in a sandbox without`
    : `own code alone, on this machine: no sandbox here, ${why}`;
}

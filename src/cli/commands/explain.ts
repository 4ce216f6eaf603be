import { Command } from 'commander';
import { describe } from '../../events/accessors.js';
import type { HookyardEvent } from '../../events/event.js';
import { connectApi } from '../client/api.js';
import { explainFile } from '../client/explain-file.js';
import { harmless, paint, print } from '../format/paint.js';
import { tellVerdicts } from '../format/verdict-lines.js';
import { UserError } from '../user-error.js';

interface Explained {
  readonly id: string;
  readonly source: string;
  readonly key: string;
  readonly eventName: string;
  readonly receivedAt: number;
  readonly bodyBytes: number;
  readonly verifiedBy?: string;
  readonly events: readonly HookyardEvent[];
  readonly ignored?: string;
  readonly verdicts: readonly { readonly automation: string; readonly outcome: string; readonly because: string }[];
  readonly dispatches: readonly {
    readonly workflowId: string;
    readonly automation: string;
    readonly state: string;
    readonly attempts: number;
    readonly error?: string;
    readonly run?: {
      readonly status: string;
      readonly outcome?: string;
      readonly error?: string;
      readonly waitsForApproval?: string;
      readonly url?: string;
    };
  }[];
}

/** `hookyard explain`: what became of a delivery, and why. */
export const explain = () =>
  new Command('explain')
    .description('tell what became of a delivery, and why')
    .argument('[delivery]', "Hookyard's id of it or the beginning of one, or the provider's id")
    .option('--file <payload.json>', 'tell instead what would become of this payload; nothing is stored or started')
    .option('--source <name>', 'with --file: the source that would send it', 'github')
    .option('--event <name>', "with --file: the provider's name for the event, where a header holds it")
    .option('--url <url>', 'server to ask; default: the one that runs here')
    .option('--json', 'print JSON')
    .action(async (id: string | undefined, options: Options) => {
      if (options.file) return suppose({ ...options, file: options.file });
      if (!id)
        throw new UserError('Name a delivery, or a payload with --file; npx hookyard deliveries lists what came in');
      const api = await connectApi(options);
      const delivery = await api.get<Explained>(`deliveries/${encodeURIComponent(id)}`);
      if (!delivery) throw new UserError(`There is no delivery "${id}"; npx hookyard deliveries lists them`);
      if (options.json) print(JSON.stringify(delivery, null, 2));
      else for (const line of inWords(delivery)) print(line);
    });

interface Options {
  readonly url?: string;
  readonly json?: boolean;
  readonly file?: string;
  readonly source: string;
  readonly event?: string;
}

async function suppose(options: Options & { file: string }): Promise<void> {
  const supposed = await explainFile(options);
  if (options.json) return print(JSON.stringify(supposed, null, 2));
  print(
    `Would be  "${harmless(supposed.eventName)}" of source ${options.source}; its signature is not looked at, and nothing is started`,
  );
  if (supposed.says) print(`Says      ${harmless(supposed.says)}`);
  if (supposed.ignored) print(`Ignored   ${harmless(supposed.ignored)}`);
  if (supposed.verdicts.length > 0) print('Verdicts');
  for (const line of tellVerdicts(supposed.verdicts, 'would start')) print(line);
}

function inWords(delivery: Explained): string[] {
  return [
    `${paint('bold', 'Delivery')}  ${delivery.id}`,
    `Received  ${new Date(delivery.receivedAt).toISOString()} as "${harmless(delivery.eventName)}" of source ${delivery.source}, ${delivery.bodyBytes} bytes`,
    ...(delivery.eventName === 'manual'
      ? []
      : [
          `Verified  by ${harmless(delivery.verifiedBy?.replaceAll('`', '') ?? 'a source that is not configured any more')}`,
        ]),
    `Key       ${harmless(delivery.key)}`,
    ...delivery.events.map((event) => `Says      ${harmless(describe(event))}`),
    ...(delivery.ignored ? [`Ignored   ${harmless(delivery.ignored)}`] : []),
    ...(delivery.verdicts.length > 0 ? ['Verdicts', ...tellVerdicts(delivery.verdicts)] : []),
    ...(delivery.dispatches.length > 0 ? ['Runs', ...delivery.dispatches.flatMap(tellRun)] : []),
  ];
}

function tellRun({ workflowId, state, attempts, error, run }: Explained['dispatches'][number]): string[] {
  const tries = attempts > 1 ? ` after ${attempts} attempts` : '';
  const lines = [`  ${harmless(workflowId)}`];
  if (state === 'pending') lines.push(`    waits to be started${attempts > 0 ? `, ${attempts} attempts so far` : ''}`);
  if (state === 'failed') lines.push(`    ${paint('red', 'could not be started')}${tries}`);
  if (state === 'done')
    lines.push(
      `    started${tries}; ${run ? `${run.status}${run.outcome ? `: ${run.outcome}` : ''}` : 'its state is not known now'}`,
    );
  if (run?.waitsForApproval)
    lines.push(`    waits for approval of ${run.waitsForApproval}: npx hookyard approve ${harmless(workflowId)}`);
  if (error && state !== 'done') lines.push(`    ${harmless(error)}`);
  if (run?.error) lines.push(`    ${harmless(run.error)}`);
  if (run?.url) lines.push(`    ${run.url}`);
  return lines;
}

import type { Config } from '../../../config/config.js';
import { readReachedAs } from '../../../config/reached-as.js';
import type { Providers } from '../../../providers/apis.js';
import { ProviderError } from '../../../providers/error.js';
import { PROVIDERS } from '../../../providers/index.js';
import { schemeOf } from '../../../providers/known-sources.js';
import { isGitSource, type Source } from '../../../providers/source.js';
import type { DeliveriesAnswer, ReadinessAnswer } from '../../../server/api/contract.js';
import { type Finding, findingsAbout, problem, type Remark } from '../../../server/api/findings/finding.js';
import { limitFindings } from '../../../server/api/findings/limit-findings.js';
import { schemeFindings } from '../../../server/api/findings/scheme-findings.js';
import type { DeliveryRecord } from '../../../store/store.js';
import type { Automation } from '../../../triggers/automation.js';
import { UserError } from '../../user-error.js';
import type { Api } from '../api.js';
import { connectCommand } from '../hooks/connect-command.js';
import { provenBy } from '../hooks/hook-above.js';
import { providersOf } from '../hooks/hooks-of.js';
import { listensTo, neededKinds } from '../hooks/needed-kinds.js';
import { request } from '../request.js';
import { accountFindings } from './account-findings.js';
import { buildFindings } from './build-findings.js';
import { automationFindings } from './configuration-findings.js';
import { deliveryFindings, repositoriesSeen } from './delivery-findings.js';
import { hookFindings } from './hook-findings.js';
import { issuerFindings } from './issuer-findings.js';
import { listingFindings } from './listing-findings.js';
import { privateFindings } from './private-address-findings.js';
import { publicLogFindings } from './public-log-findings.js';
import { rightsFindings } from './rights-findings.js';
import { runFindings } from './run-findings.js';
import { runnerFindings } from './runner-findings.js';
import { addressFindings, pageFindings, serverFindings } from './server-findings.js';
import { storageFindings } from './storage-findings.js';
import { stuckFindings } from './stuck-findings.js';
import { versionFindings } from './version-findings.js';

/** How many of a source's last deliveries are searched for repositories. */
const NEWEST = 200;

/** What is looked at. */
export interface Diagnosis {
  /** The server that is asked; or why none can be. */
  readonly api: Api | { readonly away: string };
  readonly config: Config;
  /** Names of sources; at least one. */
  readonly sources: readonly string[];
  /** Default: those that the last deliveries named. */
  readonly repository?: string | undefined;
}

/** Looks at everything between a provider and an automation. Changes nothing, but for an object in the bucket that it removes again. */
export async function diagnose(diagnosis: Diagnosis): Promise<readonly Finding[]> {
  const { api, config, sources } = diagnosis;
  const ready = 'away' in api ? api : await readiness(api);
  const { automations, remarks } = await automationFindings(config);
  const running = 'away' in api || 'away' in ready ? undefined : api;
  const providers = providersOf(config);
  const context = { ...diagnosis, providers, automations, running };
  const perSource = await Promise.all(sources.map((name) => sourceFindings(name, context)));
  const looks = running && 'temporal' in ready && ready.temporal === 'answers';
  const server = [
    ...serverFindings('url' in api ? api.url : '', ready),
    ...(looks ? stuckFindings(await messageOf(running.stuckRuns())) : []),
    ...(looks ? listingFindings(await messageOf(running.runs({ outcome: 'failed', limit: 1 }))) : []),
    ...addressFindings(config),
    ...pageFindings(config, readReachedAs(config.data)),
    ...(await issuerFindings(config)),
  ];
  return [
    ...findingsAbout({ about: 'server' }, server),
    ...findingsAbout({ about: 'automations' }, remarks),
    ...findingsAbout({ about: 'runners of this machine' }, await runnerFindings(config)),
    ...findingsAbout({ about: 'storage' }, await storageFindings(config)),
    ...(await buildFindings(config.builds, providers)),
    ...perSource.flat(),
  ];
}

interface Context extends Diagnosis {
  readonly providers: Providers;
  /** Undefined when they can't be loaded. */
  readonly automations: readonly Automation[] | undefined;
  /** Undefined where no server answers. */
  readonly running: Api | undefined;
}

async function sourceFindings(name: string, context: Context): Promise<Finding[]> {
  const { config, providers, running } = context;
  const source = config.sources[name] as Source;
  const remarks = [...schemeFindings(name, source, schemeOf(source).capabilities.verifiedBy)];
  if (isGitSource(source)) {
    const made = () => providers.source(name);
    remarks.push(...(await accountFindings(name, source, made)), ...(await versionFindings(made)));
    remarks.push(...privateFindings(config.server.publicUrl ?? '', PROVIDERS[source.kind].facts));
  }
  const answer = running ? await newestOf(running, name) : { deliveries: [] };
  const newest = typeof answer === 'string' ? answer : answer.deliveries;
  if (typeof answer !== 'string') remarks.push(...limitFindings(name, answer));
  if (typeof newest === 'string') remarks.push(problem(`its deliveries are not known: ${newest}`));
  else if (running) remarks.push(...deliveryFindings({ name, source, server: config.server }, newest));
  if (typeof newest !== 'string') remarks.push(...publicLogFindings({ name, source }, newest));
  if (isGitSource(source) && running && typeof newest !== 'string')
    remarks.push(...(await runFindings(running, { name, source, newest })));
  const findings = findingsAbout({ about: `source ${name}` }, remarks);
  const seen = typeof newest === 'string' ? [] : repositoriesSeen(newest);
  for (const repository of context.repository === undefined ? seen : [context.repository])
    findings.push(
      ...findingsAbout(
        { about: `source ${name}`, repository },
        await repositoryFindings(name, { repository, newest: typeof newest === 'string' ? [] : newest }, context),
      ),
    );
  return findings;
}

async function repositoryFindings(
  name: string,
  { repository, newest }: { repository: string; newest: readonly DeliveryRecord[] },
  context: Context,
): Promise<Remark[]> {
  const { providers, automations } = context;
  const { sources, server } = context.config;
  const source = sources[name] as Source;
  const api = isGitSource(source) ? await readApi(providers, name, repository) : undefined;
  if (!api || !isGitSource(source)) return [];
  if ('level' in api) return [api];
  const where = { source: name, repository };
  const { facts } = PROVIDERS[source.kind];
  const { hooks } = api;
  let isSeen = false;
  const list = async () => {
    const all = (await hooks?.list()) ?? [];
    isSeen = true;
    return all;
  };
  const remarks = hooks
    ? await hookFindings({
        hooks: { ...hooks, list },
        where,
        url: server.publicUrl && `${server.publicUrl}/webhooks/${name}`,
        kinds: automations && neededKinds(automations, where),
        connect: connectCommand(where, server),
        facts,
        arrived: provenBy(newest, { repository }),
      })
    : [];
  const annotates = automations?.some((each) => !each.builtIn && listensTo(each, where)) ?? true;
  return [...remarks, ...(await rightsFindings({ api, needs: facts.rights, isSeen, annotates }))];
}

/** Credentials that can't work are reported once, with the account, and not for each repository. */
async function readApi(providers: Providers, name: string, repository: string) {
  try {
    return await providers.repository(name, repository);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return error.kind === 'refused' ? problem(error.message) : undefined;
  }
}

async function readiness(api: Api): Promise<ReadinessAnswer | { away: string }> {
  const answer = await messageOf(request(`${api.url}/readyz`, { method: 'GET' }));
  return typeof answer === 'string' ? { away: answer } : (answer.json as ReadinessAnswer);
}

/** A server that runs and refuses the API token is a finding, not an end. */
function newestOf(api: Api, source: string): Promise<DeliveriesAnswer | string> {
  return messageOf(api.deliveries({ source, limit: NEWEST }));
}

/** Resolves to what was asked for, or to why it can't be had. */
function messageOf<T>(asked: Promise<T>): Promise<T | string> {
  return asked.catch((error: unknown) => {
    if (error instanceof UserError) return error.message;
    throw error;
  });
}

import { z } from 'zod';
import { buildsSince } from './builds-since.js';
import { cancelIn } from './cancel-build.js';
import { connectApi, path, quoted } from './connection.js';
import { parametersOf } from './parameters.js';
import { type BuildOutcome, type BuiltRef, type CiAccess, type RemoteCi, RemoteCiError } from './remote-ci.js';
import { isSameRepository, leadsTo } from './repository-name.js';
import type { CiSettings } from './settings.js';
import { commit, madeOf } from './shapes.js';

const address = z.string().nullish().catch(undefined);
const git = z.object({ checkout_sha: commit, repo_url: address }).optional();
/** Says why no pipeline is made. */
const noneSchema = z.object({ message: z.string(), id: z.undefined().optional() });
const pipelineSchema = z.object({
  ...{ id: z.uuid(), number: z.int(), state: z.string() },
  vcs: z
    .object({
      ...{ branch: z.string().nullish(), revision: commit },
      ...{ origin_repository_url: address, target_repository_url: address },
    })
    .nullish(),
  /** Of projects that have no `vcs`. */
  trigger_parameters: z.object({ git }).nullish().catch(undefined),
});
const next_page_token = z.string().nullish();
const listSchema = z.object({ items: z.array(pipelineSchema.extend({ created_at: z.string() })), next_page_token });
const configSchema = z.object({ compiled: z.string().default('') });
const workflowSchema = z.object({
  ...{ id: z.uuid(), name: z.string(), status: z.string(), created_at: z.string() },
  /** `setup`: it makes the configuration that the pipeline goes on with. */
  tag: z.string().nullish(),
});
const workflowsSchema = z.object({ items: z.array(workflowSchema), next_page_token });

type Pipeline = z.output<typeof pipelineSchema>;
type Workflow = z.output<typeof workflowSchema>;

/** How many pipelines are asked for their configuration, to find one. */
const LOOKED_THROUGH = 200;
/** How many pages of a pipeline's workflows are read. */
const MAX_PAGES = 20;

/**
 * How a workflow ends; the worst of a pipeline's comes first. `on_hold` is not among them: somebody is waited for.
 *
 * Source: https://circleci.com/docs/api/v2/#operation/getWorkflowById
 */
const OUTCOMES = {
  failed: 'failed',
  error: 'failed',
  unauthorized: 'failed',
  canceled: 'cancelled',
  success: 'passed',
  not_run: 'passed',
} as const satisfies Readonly<Record<string, BuildOutcome>>;

/** States of a pipeline to which no workflows come any more. Source: https://circleci.com/docs/api/v2/#operation/getPipelineById */
const SETTLED = ['created', 'errored'];

/** How every id of Hookyard's begins within a run. */
const ANY_ID = /hookyard-build-/;

/** Returns the pipelines of a CircleCI project. Source: https://circleci.com/docs/api/v2/ */
export function circleci(settings: CiSettings<'circleci'>, access: CiAccess): RemoteCi {
  const { project, definition } = settings;
  const api = connectApi(
    {
      ...{ base: `${settings.url.replace(/\/+$/, '')}/api/v2`, token: settings.token },
      ...{ headers: (token) => ({ 'circle-token': token }), allowPrivate: settings.allowPrivate },
    },
    access,
  );
  const [host = '', owner = '', name = ''] = project.split('/');
  const pipelines = path`/project/${host}/${owner}/${name}/pipeline`;
  const app = settings.url.replace(/^https:\/\/circleci\.com\/*$/, 'https://app.circleci.com').replace(/\/+$/, '');
  const made = (pipeline: Pipeline) => ({ id: pipeline.id, url: pageOf(pipeline.number) });
  const reach = () => api.get({ path: `${pipelines}/mine` }, listSchema);

  function pageOf(number: number): string {
    return `${app}/pipelines${path`/${host}/${owner}/${name}/`}${number}`;
  }

  async function workflowsOf(id: string): Promise<readonly Workflow[]> {
    const workflows: Workflow[] = [];
    let next: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const request = { path: path`/pipeline/${id}/workflow`, query: { 'page-token': next } };
      const { items, next_page_token } = await api.get(request, workflowsSchema);
      workflows.push(...items);
      if (next_page_token == null) return workflows;
      next = next_page_token;
    }
    throw new RemoteCiError('refused', `lists more than ${workflows.length} workflows of one pipeline`);
  }

  return {
    async trigger({ ref, ...build }) {
      const parameters = parametersOf({ ref, ...build }, settings);
      const at = ref && { [ref.kind]: ref.name };
      const answer = await api.ask(
        definition === undefined
          ? { method: 'POST', path: pipelines, body: { ...at, parameters } }
          : {
              ...{ method: 'POST', path: `${pipelines}/run` },
              body: { definition_id: definition, config: at, checkout: at, parameters },
            },
      );
      // It says by 200 that it makes none, and why.
      const isMade = answer.status !== 200 || !noneSchema.safeParse(answer.json).success;
      if (!isMade) throw new RemoteCiError('refused', `made no pipeline${quoted(answer.json)}`);
      return made(api.read(answer, pipelineSchema));
    },

    /**
     * Nothing lists parameters: they show where a pipeline's configuration uses them, once it is compiled. One of the same branch and
     * time that shows no id at all may be the one, and nobody can tell: https://discuss.circleci.com/t/34128
     */
    async find({ ref, since, correlation }) {
      const listed = buildsSince(
        async (at) => {
          const request = { path: `${pipelines}/mine`, query: { 'page-token': at } };
          const { items, next_page_token } = await api.get(request, listSchema);
          return { items, next: next_page_token ?? undefined };
        },
        { since, most: LOOKED_THROUGH, madeAt: ({ created_at }) => Date.parse(created_at) },
      );
      let unknown = 0;
      for await (const one of listed) {
        if (!mayBeOf(ref, one.vcs)) continue;
        const config = await api.find({ path: path`/pipeline/${one.id}/config` }, configSchema);
        if (config && shows(config.compiled, correlation)) return made(one);
        if (config?.compiled && !ANY_ID.test(config.compiled)) unknown += 1;
        if (!config?.compiled && one.state !== 'errored')
          throw new RemoteCiError('unusable', `has not compiled the configuration of pipeline ${one.number} yet`);
      }
      if (unknown === 0) return undefined;
      const use = `use << pipeline.parameters.${settings.correlation} >> in its configuration, in a job's environment say`;
      throw new RemoteCiError(
        'not configured',
        `does not tell whether the pipeline was triggered: ${unknown} since then show no id of Hookyard's; ${use}`,
      );
    },

    /**
     * A workflow that was run again counts as it went the last time. A setup workflow that has passed is no end: the workflows that it
     * makes have not begun.
     */
    async look({ id }) {
      const pipeline = await api.get({ path: path`/pipeline/${id}` }, pipelineSchema);
      const { state, number } = pipeline;
      const more = { ...commitsOf(pipeline), url: pageOf(number) };
      if (state === 'errored') return { outcome: 'failed', conclusion: state, ...more };
      const workflows = newest(await workflowsOf(id));
      const words = workflows.map(({ status }) => status);
      const open = words.find((word) => !Object.hasOwn(OUTCOMES, word));
      const worst = Object.entries(OUTCOMES).find(([word]) => words.includes(word));
      if (open !== undefined || !worst) return { outcome: undefined, conclusion: open ?? state, ...more };
      const [conclusion, outcome] = worst;
      const goesOn = !SETTLED.includes(state) || workflows.every(({ tag }) => tag === 'setup');
      return { outcome: outcome === 'passed' && goesOn ? undefined : outcome, conclusion, ...more };
    },

    /** Projects that are named by ids tell where their pipelines' code comes from. */
    async isOf({ id }, repository) {
      if (host !== 'circleci') return isSameRepository(`${owner}/${name}`, repository);
      const { vcs, trigger_parameters } = await api.get({ path: path`/pipeline/${id}` }, pipelineSchema);
      const urls = [vcs?.origin_repository_url, vcs?.target_repository_url, trigger_parameters?.git?.repo_url];
      const told = urls.flatMap((url) => url || []);
      return told.length === 0 ? undefined : told.some((url) => leadsTo(repository, url));
    },

    /** A pipeline is cancelled by its workflows, which it may not have yet. */
    async cancel({ id }) {
      const pipeline = await api.find({ path: path`/pipeline/${id}` }, pipelineSchema);
      if (!pipeline) return void (await reach());
      const workflows = newest(await workflowsOf(id));
      const open = workflows.filter(({ status }) => !Object.hasOwn(OUTCOMES, status));
      for (const workflow of open) await cancelWorkflow(workflow.id);
      const isToCome = workflows.every(({ status }) => status === 'success') && !SETTLED.includes(pipeline.state);
      if (open.length === 0 && isToCome)
        throw new RemoteCiError(
          'unusable',
          `has no workflows of pipeline ${pipeline.number} yet, by which it is cancelled`,
        );
    },

    async check() {
      await reach();
      return { works: `reaches the pipelines of ${project}` };
    },
  };

  /** 400 and 409: it has ended, or can't be cancelled. */
  async function cancelWorkflow(id: string): Promise<void> {
    const isOver = async () => {
      const { status } = await api.get({ path: path`/workflow/${id}` }, workflowSchema);
      return Object.hasOwn(OUTCOMES, status);
    };
    const request = { method: 'POST', path: path`/workflow/${id}/cancel` } as const;
    await cancelIn(api, { request, ambiguous: [400, 409], isOver, reach });
  }
}

function commitsOf({ vcs, trigger_parameters }: Pipeline): ReturnType<typeof madeOf> {
  return madeOf(vcs?.revision ?? trigger_parameters?.git?.checkout_sha);
}

/** Returns whether a text holds the part of an id that is unique, as a word of its own: YAML may write the rest otherwise. */
function shows(text: string, correlation: string): boolean {
  const [word = ''] = /[\w-]+$/.exec(correlation) ?? [];
  return word !== '' && new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(text);
}

/** Of a tag, pipelines name no branch; those of some projects name none ever. */
function mayBeOf(ref: BuiltRef | undefined, vcs: Pipeline['vcs']): boolean {
  if (ref === undefined || vcs == null) return true;
  return ref.kind === 'branch' ? vcs.branch === ref.name : vcs.branch == null;
}

function newest(workflows: readonly Workflow[]): readonly Workflow[] {
  const inOrder = [...workflows].sort((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at));
  return [...new Map(inOrder.map((workflow) => [workflow.name, workflow])).values()];
}

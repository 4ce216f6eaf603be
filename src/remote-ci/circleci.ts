import { z } from 'zod';
import { connectApi, path } from './connection.js';
import { parametersOf } from './parameters.js';
import { type BuiltRef, type CiAccess, type EndedBuild, type RemoteCi, RemoteCiError } from './remote-ci.js';
import type { CiSettings } from './settings.js';

const pipelineSchema = z.object({ id: z.uuid(), number: z.int(), state: z.string() });
const listSchema = z.object({
  items: z.array(
    pipelineSchema.extend({ created_at: z.string(), vcs: z.object({ branch: z.string().nullish() }).nullish() }),
  ),
});
const configSchema = z.object({ compiled: z.string().default('') });
const workflowsSchema = z.object({
  items: z.array(z.object({ id: z.uuid(), name: z.string(), status: z.string(), created_at: z.string() })),
});

type Workflow = z.output<typeof workflowsSchema>['items'][number];

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
} as const satisfies Readonly<Record<string, EndedBuild['outcome']>>;

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
  const made = ({ id, number }: z.output<typeof pipelineSchema>) => ({ id, url: pageOf(number) });

  function pageOf(number: number): string {
    return `${app}/pipelines${path`/${host}/${owner}/${name}/`}${number}`;
  }

  async function workflowsOf(id: string): Promise<readonly Workflow[]> {
    return (await api.find({ path: path`/pipeline/${id}/workflow` }, workflowsSchema))?.items ?? [];
  }

  return {
    async trigger({ ref, ...build }) {
      const parameters = parametersOf(build, settings);
      const at = ref && { [ref.kind]: ref.name };
      const answer = await api.ask(
        definition === undefined
          ? { method: 'POST', path: pipelines, body: { ...at, parameters } }
          : {
              ...{ method: 'POST', path: `${pipelines}/run` },
              body: { definition_id: definition, config: at, checkout: at, parameters },
            },
      );
      return made(api.read(answer, pipelineSchema));
    },

    /**
     * Nothing lists parameters: they show where a pipeline's configuration uses them, once it is compiled. One of the same branch and
     * time that shows no id at all may be the one, and nobody can tell: https://discuss.circleci.com/t/34128
     */
    async find({ ref, since, correlation }) {
      const { items } = await api.get({ path: `${pipelines}/mine` }, listSchema);
      const candidates = items.filter((one) => Date.parse(one.created_at) >= since && mayBeOf(ref, one.vcs?.branch));
      let unknown = 0;
      for (const one of candidates) {
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
        `it can't be told whether the pipeline was triggered: ${unknown} since then show no id of Hookyard's; ${use}`,
      );
    },

    /** A workflow that was run again counts as it went the last time. */
    async look({ id }) {
      const { state, number } = await api.get({ path: path`/pipeline/${id}` }, pipelineSchema);
      if (state === 'errored') return { outcome: 'failed', conclusion: state, url: pageOf(number) };
      const words = [...newest(await workflowsOf(id)).values()].map(({ status }) => status);
      if (words.length === 0 || words.some((word) => !Object.hasOwn(OUTCOMES, word))) return undefined;
      const worst = Object.entries(OUTCOMES).find(([word]) => words.includes(word));
      return worst && { outcome: worst[1], conclusion: worst[0], url: pageOf(number) };
    },

    /** A pipeline is cancelled by its workflows, which it may not have yet. */
    async cancel({ id }) {
      const workflows = await workflowsOf(id);
      const pipeline =
        workflows.length === 0 ? await api.find({ path: path`/pipeline/${id}` }, pipelineSchema) : undefined;
      if (pipeline && !['created', 'errored'].includes(pipeline.state))
        throw new RemoteCiError(
          'unusable',
          `has no workflows of pipeline ${pipeline.number} yet, by which it is cancelled`,
        );
      for (const { id, status } of workflows)
        if (!Object.hasOwn(OUTCOMES, status))
          await api.send({ method: 'POST', path: path`/workflow/${id}/cancel`, accept: [400, 404, 409] });
    },

    async check() {
      await api.get({ path: `${pipelines}/mine` }, listSchema);
      return { works: `reaches the pipelines of ${project}` };
    },
  };
}

/** Returns whether a text holds the part of an id that is unique, as a word of its own: YAML may write the rest otherwise. */
function shows(text: string, correlation: string): boolean {
  const [word = ''] = /[\w-]+$/.exec(correlation) ?? [];
  return word !== '' && new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(text);
}

/** Of a tag, pipelines name no branch. */
function mayBeOf(ref: BuiltRef | undefined, branch: string | null | undefined): boolean {
  return ref === undefined || (ref.kind === 'branch' ? branch === ref.name : branch == null);
}

function newest(workflows: readonly Workflow[]): ReadonlyMap<string, Workflow> {
  const inOrder = [...workflows].sort((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at));
  return new Map(inOrder.map((workflow) => [workflow.name, workflow]));
}

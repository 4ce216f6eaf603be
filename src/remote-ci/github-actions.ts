import type { BuildsApi, ListedRun } from '../providers/builds-api.js';
import { asTexts, parametersOf } from './parameters.js';
import { type CiAccess, type LostBuild, type MadeBuild, type RemoteCi, RemoteCiError } from './remote-ci.js';
import { isSameRepository } from './repository-name.js';
import { madeOf } from './shapes.js';

/** Which workflow of GitHub Actions is dispatched, and what its inputs are called that Hookyard fills in. */
export interface GithubWorkflow {
  /** The credentials of which source are used. */
  readonly source: string;
  readonly repository: string;
  /** File name, or id. */
  readonly workflow: string;
  readonly correlation?: string | undefined;
  readonly callback?: string | undefined;
  readonly ref?: string | undefined;
  readonly commit?: string | undefined;
}

/**
 * Returns the runs of a workflow of GitHub Actions, by the API of a source. A dispatch names its run, but for older Enterprise Servers:
 * then, and where the answer was lost, the run is found by our id in its name.
 *
 * Source: https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event
 */
export function githubActions(settings: GithubWorkflow, access: CiAccess): RemoteCi {
  const { source, repository } = settings;

  async function builds(): Promise<BuildsApi> {
    const found = await access.builds?.(source, repository);
    if (found) return found;
    throw new RemoteCiError(
      'not configured',
      `can't run GitHub workflows by source ${source}: it must be of kind github and have sources.${source}.api.token or .app`,
    );
  }
  const workflow = async () => (await builds()).workflow(settings.workflow);
  const run = async (id: string) => (await builds()).run(id);

  return {
    async trigger({ ref, ...build }) {
      if (!ref) throw new RemoteCiError('refused', 'needs a branch or a tag: name one in ref');
      const inputs = asTexts(parametersOf({ ref, ...build }, settings));
      const dispatched = await (await workflow()).dispatch({ ref: ref.name, inputs });
      if (!('run' in dispatched)) return dispatched;
      return { id: dispatched.run.runId, url: dispatched.run.url };
    },

    async find({ since, correlation }) {
      const listed = await (await workflow()).dispatchedSince(since);
      const found = listed.find(({ titles }) => carries(titles, correlation));
      return found && made(found);
    },

    /** Of those on the same branch or tag, the only one of the commit. */
    async guess({ since, ref, sha, isOther }) {
      const name = ref?.name.replace(/^refs\/(?:heads|tags)\//, '');
      const mayBe = ({ branch = name, runId }: ListedRun) => (name === undefined || branch === name) && !isOther(runId);
      const candidates = (await (await workflow()).dispatchedSince(since)).filter(mayBe);
      const meant = candidates.filter(({ commit }) => sha === undefined || commit === undefined || commit === sha);
      const [first] = meant;
      if (candidates.length === 0) return undefined;
      if (first && meant.length === 1) return made(first);
      throw new RemoteCiError(
        'not configured',
        `may have dispatched the workflow, whose answer was lost: ${runsCouldBe(candidates)}, and it is not dispatched again. ${TELL_APART}`,
      );
    },

    /** If no name carries our id, it is the only run that was dispatched since. */
    async only({ since }: LostBuild) {
      const candidates = await (await workflow()).dispatchedSince(since);
      const [first] = candidates;
      if (first && candidates.length === 1) return made(first);
      throw new RemoteCiError(
        'not configured',
        `dispatched the workflow, but ${runsCouldBe(candidates)}. ${TELL_APART}`,
      );
    },

    async look({ id }) {
      const { commit, ...state } = await (await run(id)).state();
      return { ...state, ...madeOf(commit) };
    },

    isOf: async (_, other) => isSameRepository(repository, other),

    cancel: async ({ id }) => (await run(id)).cancel(),

    async check() {
      const { name, isActive } = await (await workflow()).about();
      const works = `reaches the workflow ${name} of ${repository}`;
      if (isActive) return { works };
      const advice = 'enable it on its page under Actions';
      return { works, lacks: { says: `the workflow ${name} is disabled`, advice } };
    },
  };
}

const TELL_APART =
  'To tell them apart, pass the correlation id as an input and put that input into the run-name of the workflow file';

function runsCouldBe({ length }: readonly unknown[]): string {
  return length === 1 ? '1 run, of another commit, could be it' : `${length} runs could be it`;
}

function made({ runId, url }: ListedRun): MadeBuild {
  return { id: runId, url };
}

/** As a word of its own: `deploy-1` is not the run of `deploy-12`. */
function carries(titles: readonly string[], correlation: string): boolean {
  if (correlation === '') return false;
  const word = new RegExp(`(?<![\\w-])${correlation.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?![\\w-])`);
  return titles.some((title) => word.test(title));
}

import type { BuildsApi, ListedRun } from '../providers/builds-api.js';
import { asTexts, parametersOf } from './parameters.js';
import { type CiAccess, type MadeBuild, type RemoteCi, RemoteCiError, type UntoldBuild } from './remote-ci.js';
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

/** How every id of Hookyard's ends. */
const ANY_ID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/;

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

  /** Returns the runs that were dispatched since on the same branch or tag, but for those that are known to be others. */
  async function mayBe({ since, ref, isOther }: UntoldBuild): Promise<readonly ListedRun[]> {
    const name = ref?.name.replace(/^refs\/(?:heads|tags)\//, '');
    const listed = await (await workflow()).dispatchedSince(since);
    return listed.filter(({ branch = name, runId }) => (name === undefined || branch === name) && !isOther(runId));
  }

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

    /** Even the only run of the branch and the commit may be another worker's, whose own dispatch has arrived while this one has not. */
    async ruleOut(lost) {
      const candidates = await mayBe(lost);
      if (candidates.length === 0) return;
      throw new RemoteCiError(
        'not configured',
        `may have dispatched the workflow, whose answer was lost: ${runsCouldBe(candidates)}, or be another's. It is not dispatched again: ` +
          `look whether it was, and start this run anew. ${TELL_APART}`,
      );
    },

    /** If no name carries our id, it is the only run that was dispatched since. One whose name carries another id is that one's. */
    async only(lost) {
      const isForeign = ({ titles }: ListedRun) =>
        lost.correlation !== '' && titles.some((title) => ANY_ID.test(title));
      const candidates = (await mayBe(lost)).filter((one) => !isForeign(one));
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

/** How many runs a message names. */
const NAMED = 3;

function runsCouldBe(runs: readonly ListedRun[]): string {
  const pages = runs.slice(0, NAMED).map(({ url }) => url);
  const named = runs.length > NAMED ? [...pages, '…'] : pages;
  const those = named.length > 0 ? ` (${named.join(', ')})` : '';
  return `${runs.length} ${runs.length === 1 ? 'run' : 'runs'} could be it${those}`;
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

import { workflowInfo } from '@temporalio/workflow';
import type {
  ArtifactResult,
  CacheMoved,
  CacheResult,
  JobResult,
  StatusInput,
  StepResult,
} from '../../activities/contract/index.js';
import type { Commit } from '../../events/event.js';
import { code, codeBlock, link, plain, withoutControls } from '../../events/markdown.js';
import { shellWord } from '../../runs/shell-word.js';
import { stopsJob } from './job-steps.js';
import type { StepMore } from './progress.js';
import { failingTests, testsInWords } from './test-words.js';

/** Returns how a job ended: as the first step did that was not to be gone on after. */
export function outcomeOf(steps: readonly StepResult[]): Pick<JobResult, 'outcome' | 'passed'> {
  const first = steps.find(stopsJob);
  const outcome = first === undefined ? 'passed' : first.outcome === 'timed_out' ? 'timed_out' : 'failed';
  return { outcome, passed: outcome === 'passed' };
}

/** Returns the terminal commit status of a job. */
export function verdictOf(result: JobResult): Pick<StatusInput, 'state' | 'description'> {
  const seconds = `${(result.durationMs / 1000).toFixed(1)} s`;
  switch (result.outcome) {
    case 'passed':
      return { state: 'success', description: `passed in ${seconds}${isBefore(result) ? ', in the run before' : ''}` };
    case 'failed':
      return { state: 'failure', description: `"${failedStep(result)}" failed after ${seconds}` };
    case 'timed_out':
      return { state: 'error', description: `timed out after ${seconds}` };
    default:
      return result.outcome satisfies never;
  }
}

/** Returns whether nothing of a job has run in this run. */
function isBefore({ steps }: JobResult): boolean {
  const ran = steps.filter(({ outcome }) => outcome !== 'skipped');
  return ran.length > 0 && ran.every(({ before }) => before === true);
}

function failedStep(result: JobResult): string {
  return result.steps.find(stopsJob)?.name ?? 'a step';
}

/** Returns the result in Markdown, a list item a line: the Temporal UI shows no nested lists. */
export function inWords(result: JobResult, { commit }: { readonly commit: Pick<Commit, 'sha' | 'url'> }): string {
  const steps = result.steps.map(({ name, outcome, durationMs, attempts, before, continued, because, tests }) => {
    const time = outcome === 'skipped' ? '' : ` in ${(durationMs / 1000).toFixed(1)} s`;
    const more = [
      ...(before ? ['in the run before'] : []),
      ...(attempts === undefined ? [] : [`attempt ${attempts}`]),
      ...(because === undefined ? [] : [because]),
      ...(continued ? ['the job went on'] : []),
      ...(tests === undefined ? [] : [testsInWords(tests)]),
    ].map((words) => `, ${plain(words)}`);
    return `\n- ↳ ${plain(name)}: ${outcome.replace('_', ' ')}${time}${more.join('')}`;
  });
  const runner = result.runner === undefined ? [] : [`\n- ↳ ${plain(`ran ${result.runner}`)}`];
  const artifacts = (result.artifacts ?? []).map((artifact) => `\n- ↳ ${plain(artifactInWords(artifact))}`);
  const caches = (result.caches ?? []).map((cache) => `\n- ↳ ${plain(cacheInWords(cache))}`);
  return `${plain(verdictOf(result).description)} at ${link(commit.sha.slice(0, 7), commit.url)}${[...runner, ...caches, ...steps, ...artifacts].join('')}`;
}

function artifactInWords({ name, kept, because }: ArtifactResult): string {
  return `artifact ${name}: ${kept ? `kept, ${(kept.bytes / 1024 / 1024).toFixed(1)} MB` : `not kept: ${because}`}`;
}

function cacheInWords({ key, restored, saved, because }: CacheResult): string {
  const moved = ({ bytes, durationMs }: CacheMoved) =>
    `${(bytes / 1024 / 1024).toFixed(1)} MB in ${(durationMs / 1000).toFixed(1)} s`;
  if (key === undefined) return `cache: ${because ?? 'not used'}`;
  const from = restored && restored.key !== key ? `${restored.key}, ` : '';
  const said = [
    restored ? `restored ${from}${moved(restored)}` : 'nothing restored',
    ...(saved ? [`saved ${moved(saved)}`] : []),
  ];
  return `cache ${key}: ${said.join('; ')}`;
}

/** In lines, and in characters: what one looks at first of a job that did not pass. */
const SHOWN = { lines: 20, characters: 2_000 };
/** In characters, of a summary. */
const MAX_SUMMARY = 4_000;

/** Returns why a job of a run did not pass: the step, and the end of its output, in Markdown with where all of it is. Default: of this run. */
export function whyFailed(result: JobResult, run = workflowInfo().workflowId): StepMore {
  const lines = result.tail.trimEnd().split('\n').slice(-SHOWN.lines).join('\n').slice(-SHOWN.characters);
  const summary = summaryOf(result).block;
  return {
    block: `${failingTests(result.steps) ?? ''}${codeBlock(lines)}\n\n${code(`hookyard logs ${shellWord(run)}`)} shows all of it${summary ? `\n${summary}` : ''}`,
    because: `${verdictOf(result).description}\n${withoutControls(lines)}`.trimEnd(),
  };
}

/** Returns what the steps of a job have written for its run's page, as it is: Markdown, which the Temporal UI shows in a frame of its own. */
export function summaryOf({ summary = '' }: Pick<JobResult, 'summary'>): StepMore {
  if (summary === '') return {};
  const shown = withoutControls(summary).slice(0, MAX_SUMMARY);
  // What is not closed would take in what follows.
  return { block: `\n${shown}${endOf(shown)}\n` };
}

/** Returns what closes a block of code or a comment that is open at the end of Markdown. */
function endOf(markdown: string): string {
  let fence: string | undefined;
  for (const line of markdown.split('\n')) {
    const [, marks = '', info = ''] = /^[ >]*(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (fence === undefined) {
      if (marks !== '' && !(marks.startsWith('`') && info.includes('`'))) fence = marks;
    } else if (marks.startsWith(fence) && info.trim() === '') fence = undefined;
  }
  const isComment = markdown.lastIndexOf('<!--') > markdown.lastIndexOf('-->');
  return `${fence === undefined ? '' : `\n${fence}`}${isComment ? '\n-->' : ''}`;
}

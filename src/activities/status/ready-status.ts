import { Context } from '@temporalio/activity';
import type { Config } from '../../config/config.js';
import type { StatusToWrite } from '../../providers/api.js';
import { runUrl } from '../../runs/url.js';
import type { StatusInput } from '../contract/index.js';

/** The tightest limit of the providers, in characters: GitHub's. */
const MAX_DESCRIPTION = 140;

/** Cuts the description, and leads to the run's page if nothing else is said. */
export function readyStatus(config: Config, { targetUrl, ...input }: StatusInput): StatusToWrite {
  const { sha, state, context } = input;
  const target = targetUrl ?? pageOfThisRun(config);
  return {
    sha,
    state,
    context,
    description: shortened(input.description),
    ...(isWebAddress(target) && { targetUrl: target }),
  };
}

function pageOfThisRun(config: Config): string {
  const { namespace, workflowExecution } = Context.current().info;
  return workflowExecution ? runUrl(config.temporal.uiUrl, { namespace, ...workflowExecution }) : '';
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** Counts code points, so that the cut never halves one. */
function shortened(description: string): string {
  const characters = [...description];
  if (characters.length <= MAX_DESCRIPTION) return description;
  return `${characters.slice(0, MAX_DESCRIPTION - 1).join('')}…`;
}

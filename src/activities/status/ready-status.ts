import { Context } from '@temporalio/activity';
import type { Config } from '../../config/config.js';
import { truncate } from '../../events/truncate.js';
import type { StatusToWrite } from '../../providers/api.js';
import { storyUrl } from '../../runs/url.js';
import { holdsCredentials } from '../../secrets/address-credentials.js';
import type { StatusInput } from '../contract/index.js';

/** In characters: the lowest limit of all providers, GitHub's. */
const MAX_DESCRIPTION = 140;

/**
 * Returns a status as it is written: its description cut, and linked to the run's page unless the input names another page or run.
 */
export function readyStatus(config: Config, input: StatusInput): StatusToWrite {
  return fitting(input, input.targetUrl ?? pageOf(config, input.leadsTo));
}

/** Returns a status as every provider takes it. `target`: the page that it leads to, if that is a web address. */
export function fitting(input: Omit<StatusToWrite, 'targetUrl'>, target: string): StatusToWrite {
  const { sha, state, context } = input;
  return {
    sha,
    state,
    context,
    description: truncate(input.description, MAX_DESCRIPTION),
    ...(isWebAddress(target) && { targetUrl: target }),
  };
}

function pageOf(config: Config, run: string | undefined): string {
  const { namespace, workflowExecution } = Context.current().info;
  if (run !== undefined) return storyUrl(config, { namespace, workflowId: run });
  return workflowExecution ? storyUrl(config, { namespace, ...workflowExecution }) : '';
}

/** One with a password in it is not shown to everybody who reads a status. */
function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && !holdsCredentials(url);
}

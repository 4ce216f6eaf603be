import { Context } from '@temporalio/activity';
import type { Config } from '../../config/config.js';
import type { StatusInput, StatusResult } from '../contract.js';
import { runUrl } from '../run-url.js';

/** A status that is ready to be written: checked, cut to length, with where it leads. */
export interface Status extends Omit<StatusInput, 'targetUrl'> {
  /** Absent when there is nothing to lead to. */
  readonly targetUrl?: string;
}

/**
 * How statuses are written at one provider. Throws a non-retryable `NotConfigured` or `Refused` failure; everything else
 * is retried.
 */
export type WriteStatus = (status: Status) => Promise<StatusResult>;

/** The tightest limit of the providers, in characters: GitHub's. */
const LONGEST_DESCRIPTION = 140;

/** Cuts the description, and leads to the run's page if nothing else is said. */
export function readyStatus(config: Config, { targetUrl, ...input }: StatusInput): Status {
  const target = targetUrl ?? pageOfThisRun(config);
  return { ...input, description: shortened(input.description), ...(isWebAddress(target) && { targetUrl: target }) };
}

export function withoutCredentials(source: string): StatusResult {
  return { reported: false, because: `source ${source} has no API credentials` };
}

function pageOfThisRun(config: Config): string {
  const { namespace, workflowExecution } = Context.current().info;
  return workflowExecution ? runUrl(config, { namespace, ...workflowExecution }) : '';
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** Counts code points, so that the cut never halves one. */
function shortened(description: string): string {
  const characters = [...description];
  if (characters.length <= LONGEST_DESCRIPTION) return description;
  return `${characters.slice(0, LONGEST_DESCRIPTION - 1).join('')}…`;
}

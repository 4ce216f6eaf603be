import { commitOf, isInternal } from './accessors.js';
import type { Commit, HookyardEvent, InternalEvent, RepositoryEvent } from './event.js';

/**
 * Returns one line for people: what happened, and where. Holds text from the payload: escape it for where you show it.
 *
 * @example
 * import { automation, describe, notify, push, slackText } from 'hookyard/workflow';
 *
 * export const log = automation({ on: push() }, async (event) => {
 *   await notify.slack('log', slackText(describe(event)));
 * });
 */
export function describe(event: HookyardEvent): string {
  const { edited } = event;
  return edited ? `${said(event)}, edited by ${edited.by} from ${edited.from.slice(0, 10)}` : said(event);
}

function said(event: HookyardEvent): string {
  if (event.kind === 'generic') return `${event.type} from ${event.source}`;
  if (isInternal(event)) return internalInWords(event);
  return `${inWords(event, event.repository.fullName)}${at(commitOf(event))}`;
}

function internalInWords(event: InternalEvent): string {
  switch (event.kind) {
    case 'schedule':
      return `time of cron "${event.cron}"`;
    case 'manual':
      return `asked for by hand${inputsInWords(event.inputs)}`;
    case 'chained':
      return `${event.automation} ${event.outcome} after ${describe(event.event)}`;
    default:
      return event satisfies never;
  }
}

function inputsInWords(inputs: Readonly<Record<string, unknown>>): string {
  const shown = Object.entries(inputs).filter(([, value]) => value !== undefined);
  return shown.length === 0 ? '' : ` with ${shown.map(([name, value]) => `${name}=${value}`).join(', ')}`;
}

function inWords(event: RepositoryEvent, where: string): string {
  switch (event.kind) {
    case 'push':
      return `push to ${event.branch} of ${where}`;
    case 'tag':
      return `tag ${event.tag} of ${where}`;
    case 'branch_deleted':
      return `branch ${event.branch} of ${where} deleted`;
    case 'tag_deleted':
      return `tag ${event.tag} of ${where} deleted`;
    case 'pull_request':
      return `pull request #${event.pullRequest.number} of ${where} ${event.action}`;
    case 'merge_group':
      return `merge group for ${event.base.ref} of ${where}: ${event.reason ?? event.action.replace('_', ' ')}`;
    case 'comment':
      return `comment on ${event.on.replace('_', ' ')}${event.number ? ` #${event.number}` : ''} of ${where} ${event.action}`;
    case 'review':
      return `review of pull request #${event.number} of ${where}: ${event.action.replace('_', ' ')}`;
    case 'release':
      return `release ${event.tag} of ${where} ${event.action}`;
    case 'deployment':
      return `deployment of ${where} to ${event.environment}: ${event.action}`;
    case 'status':
      return `status ${event.name} of ${where}: ${event.state}`;
    default:
      return event satisfies never;
  }
}

function at(commit: Commit | undefined): string {
  return commit ? ` at ${commit.sha.slice(0, 7)}` : '';
}

import { Context } from '@temporalio/activity';
import type { Annotation } from '../../providers/api.js';
import { namedSource } from '../../providers/named-source.js';
import { isGitSource } from '../../providers/source.js';
import { storyUrl } from '../../runs/url.js';
import { activityProviders } from '../activity-providers.js';
import type { Activities, Problem } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { providerCall } from '../provider-call.js';
import { fitting } from './ready-status.js';

/**
 * Shows problems at their lines on the commit, where the source's provider can do so. May run twice, and adds none twice. Throws
 * `NotConfigured`, `Refused`, or a failure that is retried.
 */
export function createAnnotate(
  { config, log }: Pick<ActivityDeps, 'config' | 'log'>,
  providers = activityProviders({ config, log }),
): Activities['annotate'] {
  return ({ source, repository, sha, context, problems, title }) =>
    providerCall(async () => {
      const { kind } = namedSource(config, source);
      const api = isGitSource(namedSource(config, source)) ? await providers.repository(source, repository) : undefined;
      if (!api?.annotate)
        return { annotated: false, because: `source ${source} of kind ${kind} shows no annotations as it is` };
      const { namespace, workflowExecution, activityId } = Context.current().info;
      const target = workflowExecution ? storyUrl(config.temporal.uiUrl, { namespace, ...workflowExecution }) : '';
      const { targetUrl } = fitting({ sha, state: 'failure', context, description: title }, target);
      const annotations = problems.filter(isInside).map(toAnnotation);
      if (annotations.length > 0)
        await api.annotate({
          ...{ sha, context, title, annotations },
          id: [workflowExecution?.runId, activityId].join('/'),
          ...(targetUrl !== undefined && { targetUrl }),
        });
      return { annotated: true };
    });
}

/** Whether a problem is at a line of a file of the repository: what a worker told is looked at once more. */
function isInside({ file, line }: Problem): boolean {
  const parts = file.split('/');
  const isPath = file.length <= 500 && !file.includes('\0') && !parts.some((part) => ['', '.', '..'].includes(part));
  return isPath && Number.isSafeInteger(line) && line > 0;
}

function toAnnotation({ severity, file, line, column, message, code, by }: Problem): Annotation {
  const title = [by, code].filter((each) => each !== undefined).join(' ') || severity;
  return { severity, file, line, message, title, ...(column !== undefined && { column }) };
}

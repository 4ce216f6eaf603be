import { Context } from '@temporalio/activity';
import type { Annotation, RepositoryApi } from '../../providers/api.js';
import { ProviderError } from '../../providers/error.js';
import { namedSource } from '../../providers/named-source.js';
import { isGitSource } from '../../providers/source.js';
import { type Pages, storyUrl } from '../../runs/url.js';
import { activityProviders } from '../activity-providers.js';
import type { Activities, AnnotateInput, AnnotateResult, CommentResult } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { providerCall } from '../provider-call.js';
import { createAnnotationBook } from './annotation-book.js';
import { commentOf, stickyOf } from './annotation-comment.js';
import { fitting } from './ready-status.js';
import { orderOf } from './status-book.js';
import { toAnnotations } from './to-annotations.js';

const NONE_LEFT = 'no problems any more';

/**
 * Shows problems at their lines on the commit, where the source's provider can do so with its credentials, and else in a comment of
 * the job's own on the pull request. They take the place of what earlier tries and runs have shown; where there are none, that is
 * removed. May run twice, and adds none twice. Throws `NotConfigured`, `Refused`, or a failure that is retried.
 */
export function createAnnotate(
  { config, log, store }: Pick<ActivityDeps, 'config' | 'log' | 'store'>,
  { writeComment }: Pick<Activities, 'writeComment'>,
  providers = activityProviders({ config, log }),
): Activities['annotate'] {
  return (input) =>
    providerCall(async () => {
      const { source, repository, sha, context } = input;
      const named = namedSource(config, source);
      const api = isGitSource(named) ? await providers.repository(source, repository) : undefined;
      if (!api) return notShown(`source ${source} of kind ${named.kind} has no API credentials`);
      const annotations = toAnnotations(input.problems);
      if (annotations.length === 0 && input.problems.length > 0) return notShown('none of them is at a line of a file');
      const book = createAnnotationBook(store.records);
      const of = { problems: annotations.length, order: orderHere(input) };
      const where = { source, repository, context };
      let refusal: ProviderError | undefined;
      if (api.annotate) {
        const write = writing(api.annotate, { input, annotations, pages: config });
        try {
          const done = await book.show({ ...where, on: { sha } }, of, write);
          if (done === 'older') return notShown('a newer run has shown its own');
          if (annotations.length > 0) return { annotated: true };
        } catch (error) {
          if (!(error instanceof ProviderError) || error.kind === 'unavailable') throw error;
          refusal = error;
        }
      }
      const { pullRequest } = input;
      if (pullRequest === undefined) {
        if (annotations.length === 0) return { annotated: true };
        if (refusal) throw refusal;
        return notShown(
          `source ${source} of kind ${named.kind} shows no problems at lines, and there is no pull request`,
        );
      }
      const sticky = stickyOf(context);
      const body = commentOf({ ...input, annotations });
      const comment: { result?: CommentResult } = {};
      const done = await book.show({ ...where, on: { pullRequest } }, of, async () => {
        comment.result = await writeComment({ source, repository, number: pullRequest, body, sticky });
      });
      if (done === 'older') return notShown('a newer run has shown its own');
      if (comment.result?.written === false) return notShown(comment.result.because);
      return { annotated: true, ...(done === 'written' && { by: 'comment' as const }) };
    });
}

/** Returns what has the provider show problems at their lines. */
function writing(
  annotate: NonNullable<RepositoryApi['annotate']>,
  of: {
    readonly input: AnnotateInput;
    readonly annotations: readonly Annotation[];
    readonly pages: Pages;
  },
): () => Promise<void> {
  const { sha, context, title } = of.input;
  const { namespace, workflowExecution, activityId } = Context.current().info;
  const target = workflowExecution ? storyUrl(of.pages, { namespace, ...workflowExecution }) : '';
  const { targetUrl } = fitting({ sha, state: 'failure', context, description: title }, target);
  return () =>
    annotate({
      ...{ sha, context, annotations: of.annotations, title: of.annotations.length > 0 ? title : NONE_LEFT },
      id: [workflowExecution?.runId, activityId].join('/'),
      ...(targetUrl !== undefined && { targetUrl }),
    });
}

/** Returns what sorts this call among those of other runs. */
function orderHere({ runStartedAt }: AnnotateInput): string {
  const { workflowExecution, scheduledTimestampMs, activityId } = Context.current().info;
  return orderOf({
    // Runs of an older version do not say it: they are older than those that do.
    startedAt: runStartedAt ?? '',
    runId: workflowExecution?.runId ?? '',
    askedAt: scheduledTimestampMs,
    place: activityId,
  });
}

function notShown(because: string): AnnotateResult {
  return { annotated: false, because };
}

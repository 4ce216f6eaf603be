import { type Duration, msToNumber } from '@temporalio/common/lib/time.js';
import { patched, uuid4, workflowInfo } from '@temporalio/workflow';
import type {
  CancelGithubRunInput,
  CancelHttpBuildInput,
  GithubRun,
  HttpBuild,
  RemoteBuildOutcome,
} from '../../activities/contract/index.js';
import { TriggerError } from '../../triggers/options.js';
import { provider, remoteWait, service } from '../run/activities.js';
import { mayBeStrangers } from '../run/checkout-of.js';
import { progress } from '../run/progress.js';
import { callback } from './build-callback.js';
import type { BuildableEvent } from './buildable-event.js';
import { refuseUnknown } from './known-options.js';
import { type PipelineOptions, pipeline } from './pipeline.js';
import { awaitRemoteBuild, CANCELLING, cancelLost, firstOf } from './remote-build.js';
import { refOf, STRANGERS, shaOf } from './trigger-ref.js';

/** Which workflow is dispatched, and how. */
export interface GithubActionsOptions {
  /** File name of the workflow, `release.yml` for example. It must have a `workflow_dispatch` trigger. */
  readonly workflow: string;
  /** Default: the event's repository. */
  readonly repository?: string;
  /** Branch or tag that it runs on. Default: the event's. */
  readonly ref?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /**
   * Name of an input that receives an id of this dispatch. Put it into the workflow's `run-name`, and the run is found
   * again when GitHub's response is lost, or on a GitHub Enterprise Server whose response does not name the run.
   */
  readonly correlationInput?: string;
  /** `true`: also for code that may be a stranger's, which then runs with the repository's secrets. Default: not. */
  readonly trust?: boolean;
  /** Default 2 hours. */
  readonly timeout?: Duration;
}

/** How a build is started. */
export interface HttpBuildOptions {
  /** Anything that JSON can hold. */
  readonly params?: unknown;
  /** Default 2 hours. */
  readonly timeout?: Duration;
}

const GITHUB_ACTIONS = {
  ...({ workflow: true, repository: true, ref: true, inputs: true } as const),
  ...({ correlationInput: true, trust: true, timeout: true } as const),
};
const HTTP = { params: true, timeout: true } as const;

/** Runs that an older version started trigger builds of strangers' code too. */
const REFUSES_STRANGERS = 'strangers-trigger-no-build';

/**
 * Triggers builds that run elsewhere, and waits for them. A build that fails is a result; cancelling the run cancels the
 * build. Each throws when its build can't be started, or is not done within `timeout`.
 *
 * @example
 * import { automation, push, triggerBuild } from 'hookyard/workflow';
 *
 * export const deploy = automation({ on: push({ branches: ['main'] }) }, async (event) => {
 *   const build = await triggerBuild.githubActions(event, { workflow: 'build.yml', inputs: { target: 'production' } });
 *   if (!build.passed) return;
 *   await triggerBuild.pipeline(event, 'end-to-end', { parameters: { BROWSER: 'firefox' } });
 *   await triggerBuild.http('deployer', { params: { sha: event.commit.sha }, timeout: '30 minutes' });
 * });
 */
export const triggerBuild = {
  /** Dispatches a GitHub Actions workflow and waits for its outcome. */
  githubActions(event: BuildableEvent, options: GithubActionsOptions): Promise<RemoteBuildOutcome> {
    const step = progress.step(`GitHub Actions ${options.workflow}`, { decides: true });
    const { workflow, timeout, trust = false, ...of } = options;
    const name = nameOf(['GitHub Actions', workflow, of, event.commit]);
    return awaitRemoteBuild({ step, name, timeout }, async () => {
      refuseUnknown('triggerBuild.githubActions', options, GITHUB_ACTIONS);
      if (!trust && mayBeStrangers(event) && patched(REFUSES_STRANGERS))
        throw new TriggerError(`triggerBuild.githubActions(): ${STRANGERS}`);
      const correlationId = uuid4();
      const { source } = event;
      const where = { source, repository: options.repository ?? event.repository.fullName, workflow };
      const ref = options.ref ?? refOf(event, 'triggerBuild.githubActions').name;
      const sha = options.ref === undefined && options.repository === undefined ? shaOf(event) : undefined;
      const cancel = (which: Omit<CancelGithubRunInput, 'source' | 'repository'>) =>
        provider.cancelGithubRun.executeWithOptions({ summary: workflow, ...CANCELLING }, [{ ...where, ...which }]);
      const since = Date.now();
      let run: GithubRun;
      try {
        run = await provider.triggerGithubRun.executeWithOptions(
          { summary: workflow, startToCloseTimeout: '4 minutes', heartbeatTimeout: '1 minute' },
          [
            {
              ...where,
              ref,
              ...(sha !== undefined && { sha }),
              inputs: {
                ...options.inputs,
                ...(options.correlationInput && { [options.correlationInput]: correlationId }),
              },
              correlationId,
            },
          ],
        );
      } catch (error) {
        const id = options.correlationInput ? { correlationId } : {};
        const cancelling = cancelLost(error, (lost) => cancel({ ...id, since, ...lost }));
        if (cancelling) await cancelling;
        throw error;
      }
      return {
        url: run.url,
        wait: () => remoteWait.awaitGithubRun.executeWithOptions({ summary: workflow }, [run]),
        cancel: () => cancel({ runId: run.runId }),
      };
    });
  },

  /**
   * Makes a build in the CI service `builds.<build>` of the configuration and waits for its outcome, which is asked for, told by the
   * build itself by a callback URL, or by a status that the service reports: the first that says that it has ended counts.
   */
  pipeline(event: BuildableEvent, build: string, options: PipelineOptions = {}): Promise<RemoteBuildOutcome> {
    return pipeline(event, build, options);
  },

  /**
   * Starts a build at `builds.<build>` of the configuration and waits for its outcome, which comes by the callback URL
   * that goes with the request, or from the status URL of the response, whichever is first.
   */
  http(build: string, options: HttpBuildOptions = {}): Promise<RemoteBuildOutcome> {
    const step = progress.step(`Build ${build}`, { decides: true });
    // Counted from the first attempt to start the build; the wait begins when one has succeeded.
    const validForMs = msToNumber(options.timeout ?? '2 hours') + msToNumber('1 hour');
    const { params, timeout } = options;
    const name = nameOf(['Build', build, params]);
    return awaitRemoteBuild({ step, name, timeout }, async () => {
      refuseUnknown('triggerBuild.http', options, HTTP);
      const { signal: callbackSignal, called } = callback();
      const idempotencyKey = `${workflowInfo().workflowId}/${callbackSignal}`;
      const cancel = (which: Omit<CancelHttpBuildInput, 'build'>) =>
        service.cancelHttpBuild.executeWithOptions({ summary: build, ...CANCELLING }, [{ build, ...which }]);
      let started: HttpBuild;
      try {
        started = await service.triggerHttpBuild.executeWithOptions({ summary: build }, [
          { build, params: params ?? {}, idempotencyKey, callbackSignal, validForMs },
        ]);
      } catch (error) {
        const cancelling = cancelLost(error, (lost) => cancel({ idempotencyKey, ...lost }));
        if (cancelling) await cancelling;
        throw error;
      }
      const polled = async () => remoteWait.awaitHttpBuild.executeWithOptions({ summary: build }, [started]);
      return {
        url: started.url,
        wait: () => firstOf(started.statusUrl ? [called, polled] : [called]),
        cancel: () => cancel({ ...started, idempotencyKey }),
      };
    });
  },
};

/** Returns the same for a build that is tried again. What JSON can't hold starts none, and is not thrown here. */
function nameOf(build: readonly unknown[]): string {
  try {
    return JSON.stringify(build);
  } catch {
    return 'not to be started';
  }
}

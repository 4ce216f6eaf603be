import { type Duration, msToNumber } from '@temporalio/common/lib/time.js';
import { isCancellation, patched, workflowInfo } from '@temporalio/workflow';
import type {
  CancelCiBuildInput,
  CiBuild,
  CiRef,
  RemoteBuildOutcome,
  TriggerCiBuildInput,
} from '../../activities/contract/index.js';
import { TriggerError } from '../../triggers/options.js';
import { remoteWait, service } from '../run/activities.js';
import { mayBeStrangers } from '../run/checkout-of.js';
import { progress } from '../run/progress.js';
import { callback } from './build-callback.js';
import type { BuildableEvent } from './buildable-event.js';
import { refuseUnknown } from './known-options.js';
import { awaitRemoteBuild, CANCELLING, cancelLost, firstOf } from './remote-build.js';
import { endedByStatus, signsOf } from './status-of-build.js';
import { refOf, STRANGERS, shaOf } from './trigger-ref.js';

/** What a build in a CI service is made of. */
export interface PipelineOptions {
  /** Branch, or `refs/tags/…`. Default: the event's. */
  readonly ref?: string;
  /** Values by the names that the build knows them by. */
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  /**
   * The name, or a pattern of names, under which the service reports the build as a status of the event's commit. Then the build is
   * looked at when the source tells of such a status, and else rarely.
   */
  readonly status?: string;
  /** `true`: also for code that may be a stranger's, which then runs there with what the service gives it. Default: not. */
  readonly trust?: boolean;
  /** Default 2 hours. */
  readonly timeout?: Duration;
}

const OPTIONS = { ref: true, parameters: true, status: true, trust: true, timeout: true } as const;

/** Runs that an older version started take what a build says of its end as it is. */
const COMPARES_COMMITS = 'compares-commits-of-builds';

/** Runs that an older version started fail where a build that says it has passed can't be looked at. */
const OUTLIVES_LOOKS = 'outlives-looks-at-builds';

/** Makes a build at `builds.<build>` of the configuration, and waits for its outcome: see `triggerBuild`. */
export function pipeline(
  event: BuildableEvent,
  build: string,
  options: PipelineOptions = {},
): Promise<RemoteBuildOutcome> {
  const { ref, parameters = {}, status, trust = false, timeout = '2 hours' } = options;
  const step = progress.step(`Build ${build}`, { decides: true });
  const name = JSON.stringify(['Build', build, ref, parameters, event.commit]);
  return awaitRemoteBuild({ step, name, timeout }, async () => {
    refuseUnknown('triggerBuild.pipeline', options, OPTIONS);
    if (!trust && mayBeStrangers(event)) throw new TriggerError(`triggerBuild.pipeline(): ${STRANGERS}`);
    const signs = status === undefined ? undefined : signsOf(event, status);
    const { signal: callbackSignal, called } = callback();
    const sha = shaOf(event);
    const made = await trigger({
      build,
      ref: ref === undefined ? refOf(event, 'triggerBuild.pipeline') : refNamed(ref),
      ...(ref === undefined && sha !== undefined && { sha, repository: event.repository.fullName }),
      parameters,
      correlation: `${workflowInfo().workflowId}/${callbackSignal}`,
      callbackSignal,
      // Counted from the first attempt to trigger it; the wait begins when one has succeeded.
      validForMs: msToNumber(timeout) + msToNumber('1 hour'),
    });
    const told = signs !== undefined || made.calls;
    const contenders = [
      () => remoteWait.awaitCiBuild.executeWithOptions({ summary: build }, [{ of: made, ...(told && { told }) }]),
      ...(made.calls ? [() => called((said) => judged(made, said))] : []),
      ...(signs ? [() => progress.track(endedByStatus(signs, () => service.lookAtCiBuild(made)))] : []),
    ];
    return {
      url: made.url,
      wait: () => firstOf(contenders),
      cancel: () => cancel({ build, id: made.id, correlation: made.correlation }),
    };
  });
}

async function trigger(input: TriggerCiBuildInput): Promise<CiBuild> {
  const { build, correlation, ref } = input;
  const since = Date.now();
  try {
    const options = { summary: build, startToCloseTimeout: '4 minutes' } as const;
    return await service.triggerCiBuild.executeWithOptions(options, [input]);
  } catch (error) {
    const lost = { build, correlation, since, ...(ref && { ref }) };
    const cancelling = cancelLost(error, (more) => cancel({ ...lost, ...more }), true);
    if (cancelling) await cancelling;
    throw error;
  }
}

function cancel(input: CancelCiBuildInput): Promise<void> {
  return service.cancelCiBuild.executeWithOptions({ summary: input.build, ...CANCELLING }, [input]);
}

/**
 * Returns what a build has said itself. That it has passed does not count for another commit than was asked for; while nobody can tell
 * which it is, and where the service can't be asked, it is asked for until it has ended: that fails where this matters.
 */
function judged(made: CiBuild, said: RemoteBuildOutcome): RemoteBuildOutcome | Promise<RemoteBuildOutcome> {
  if (!said.passed || made.sha === undefined || !patched(COMPARES_COMMITS)) return said;
  const never = new Promise<never>(() => undefined);
  // It waits for the commit to be told, and one look may be several requests.
  const options = { summary: made.build, startToCloseTimeout: '4 minutes' } as const;
  return service.lookAtCiBuild.executeWithOptions(options, [{ ...made, said }]).then(
    (ended) => ended ?? never,
    (error) => {
      if (isCancellation(error) || !patched(OUTLIVES_LOOKS)) throw error;
      return never;
    },
  );
}

function refNamed(ref: string): CiRef {
  const [, kind, name] = /^refs\/(heads|tags)\/(.+)$/.exec(ref) ?? [];
  return name === undefined ? { kind: 'branch', name: ref } : { kind: kind === 'tags' ? 'tag' : 'branch', name };
}

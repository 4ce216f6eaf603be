import { type Duration, msToNumber } from '@temporalio/common/lib/time.js';
import { condition, defineSignal, isCancellation, setHandler, uuid4, workflowInfo } from '@temporalio/workflow';
import type { CiBuild, CiRef, RemoteBuildOutcome, TriggerCiBuildInput } from '../../activities/contract/index.js';
import { link } from '../../events/markdown.js';
import { buildSignal } from '../../runs/names.js';
import { TriggerError } from '../../triggers/options.js';
import { remoteWait, service } from '../run/activities.js';
import { mayBeStrangers } from '../run/checkout-of.js';
import { progress } from '../run/progress.js';
import type { BuildableEvent } from './buildable-event.js';
import { awaitRemoteBuild, firstOf, quietly } from './remote-build.js';
import { endedByStatus, signsOf } from './status-of-build.js';
import { refOf, STRANGERS } from './trigger-ref.js';

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
    if (!trust && mayBeStrangers(event)) throw new TriggerError(`triggerBuild.pipeline(): ${STRANGERS}`);
    const signs = status === undefined ? undefined : signsOf(event, status);
    const callbackSignal = buildSignal(uuid4());
    let called: RemoteBuildOutcome | undefined;
    // The first outcome wins; the receiver already takes a callback only once.
    setHandler(defineSignal<[RemoteBuildOutcome]>(callbackSignal), (outcome) => {
      called ??= outcome;
    });
    const made = await trigger({
      build,
      ref: ref === undefined ? refOf(event, 'triggerBuild.pipeline') : refNamed(ref),
      ...(ref === undefined && { sha: event.commit.sha }),
      parameters,
      correlation: `${workflowInfo().workflowId}/${callbackSignal}`,
      callbackSignal,
      // Counted from the first attempt to trigger it; the wait begins when one has succeeded.
      validForMs: msToNumber(timeout) + msToNumber('1 hour'),
    });
    step.end('running', link('its page', made.url));
    const told = signs !== undefined || made.calls;
    const contenders = [
      () => remoteWait.awaitCiBuild.executeWithOptions({ summary: build }, [{ of: made, ...(told && { told }) }]),
      ...(made.calls ? [() => condition(() => called !== undefined).then(() => called as RemoteBuildOutcome)] : []),
      ...(signs ? [() => progress.track(endedByStatus(signs, () => service.lookAtCiBuild(made)))] : []),
    ];
    return {
      wait: () => firstOf(contenders),
      cancel: () => service.cancelCiBuild({ build, id: made.id, correlation: made.correlation }),
    };
  });
}

/** Triggers a build. Cancelled in between, it cancels what may have been made: nobody has heard of that yet. */
async function trigger(input: TriggerCiBuildInput): Promise<CiBuild> {
  const since = Date.now();
  try {
    return await service.triggerCiBuild.executeWithOptions({ summary: input.build, startToCloseTimeout: '4 minutes' }, [
      input,
    ]);
  } catch (error) {
    if (isCancellation(error)) {
      const { build, correlation, ref } = input;
      await quietly(() => service.cancelCiBuild({ build, correlation, since, ...(ref && { ref }) }));
    }
    throw error;
  }
}

function refNamed(ref: string): CiRef {
  const [, kind, name] = /^refs\/(heads|tags)\/(.+)$/.exec(ref) ?? [];
  return name === undefined ? { kind: 'branch', name: ref } : { kind: kind === 'tags' ? 'tag' : 'branch', name };
}

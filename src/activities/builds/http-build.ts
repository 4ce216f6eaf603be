import { Context } from '@temporalio/activity';
import { type HttpService, httpService } from '../../remote-ci/http.js';
import type { Activities } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { notConfigured, refused } from '../failures.js';
import { isLaterAttempt, mayGoOn } from './build-may-exist.js';
import { callCi } from './call-ci.js';
import { callbackUrlFor, thisRun } from './callback-url.js';
import { type PollInterval, poll } from './poll.js';

/** The activities of a build that is triggered by HTTP. */
export type HttpBuildActivities = Pick<Activities, 'triggerHttpBuild' | 'awaitHttpBuild' | 'cancelHttpBuild'>;

const INTERVAL: PollInterval = { firstMs: 3_000, lastMs: 30_000, toleratedFailures: 10 };

/**
 * Returns the activities that run a build at any service that accepts a POST. The service reports its end to the
 * callback URL that it gets, or at the `statusUrl` that it answers with.
 */
export function createHttpBuilds({ config }: ActivityDeps, interval: PollInterval = INTERVAL): HttpBuildActivities {
  const services = new Map<string, HttpService>();

  function serviceOf(build: string): HttpService {
    const settings = Object.hasOwn(config.builds, build) ? config.builds[build] : undefined;
    if (!settings) throw notConfigured(`there is no build ${JSON.stringify(build)}: add it under builds`);
    if (settings.kind !== 'http')
      throw notConfigured(`build ${build} is of the kind ${settings.kind}: call triggerBuild.pipeline for it`);
    const signal = () => Context.current().cancellationSignal;
    const service = services.get(build) ?? httpService(settings, { name: build, signal });
    services.set(build, service);
    return service;
  }

  const call = <T>(build: string, work: (service: HttpService) => Promise<T>) => {
    const service = serviceOf(build);
    return callCi({ build, kind: 'http' }, () => work(service));
  };

  return {
    async triggerHttpBuild({ build, params, idempotencyKey, callbackSignal, validForMs }) {
      serviceOf(build);
      const callbackUrl = callbackUrlFor(config, { signal: callbackSignal, id: idempotencyKey, validForMs });
      const body = { params, ...(callbackUrl && { callbackUrl }), run: thisRun(), idempotencyKey };
      try {
        return { build, ...(await call(build, (service) => service.start(body, { again: isLaterAttempt() }))) };
      } catch (error) {
        throw isLaterAttempt() ? mayGoOn(error) : error;
      }
    },

    async awaitHttpBuild({ build, statusUrl }) {
      if (!statusUrl) throw refused(`build ${build} gave no statusUrl, so it can't be asked: wait for its callback`);
      const look = async () => {
        const { outcome, conclusion, url } = await call(build, (service) => service.look(statusUrl));
        return outcome && { outcome, passed: outcome === 'passed', conclusion, ...(url !== undefined && { url }) };
      };
      const ended = await poll(look, { interval });
      if (ended) return ended;
      throw new Error(`build ${build} did not end`);
    },

    async cancelHttpBuild({ build, cancelUrl, idempotencyKey, once = false }) {
      // One of before the key is told has its address alone.
      if (idempotencyKey === undefined && cancelUrl === undefined) return;
      await call(build, async (service) => {
        // Where the service has said why it makes none, there is nothing that could go on.
        if (once) await service.abandon(idempotencyKey ?? '');
        else await service.end(cancelUrl, idempotencyKey ?? '');
      });
    },
  };
}

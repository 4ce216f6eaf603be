import { Command } from 'commander';
import { workspaceRoots } from '../../activities/job/workspace-root.js';
import { createDiskMetric } from '../../server/disk-metric.js';
import { boot, runUntilStopped } from '../processes/boot.js';
import { startMetrics } from '../processes/metrics.js';
import { startWorkerProcess, WORKER_STOP_MS } from '../worker-process/supervisor.js';

/** `hookyard worker`: runs automations and jobs alone. */
export const worker = () =>
  new Command('worker')
    .description('run automations and jobs alone, against the Temporal that TEMPORAL_ADDRESS names')
    .action(async () => {
      const booted = await boot();
      const { config, log, lifecycle } = booted;
      await runUntilStopped(booted, async () => {
        const metrics = await startMetrics({ ...booted, anyPort: false });
        metrics.add(createDiskMetric({ data: config.data, workspaces: workspaceRoots(config) }));
        const process = startWorkerProcess({
          beginning: {
            temporal: undefined,
            dispatches: false,
            uiUrl: undefined,
            metricsAddress: metrics.temporalAddress,
          },
          backend: undefined,
          stopping: lifecycle.stopping,
          log,
        });
        lifecycle.onStop('the worker process', () => process.stop(), WORKER_STOP_MS);
        metrics.add(process.metrics);
        log.info({ metrics: metrics.url, ...(await process.ready) }, 'the worker runs');
        return [];
      });
    });

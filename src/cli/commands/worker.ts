import { Command } from 'commander';
import { loadCatalog, ownNames } from '../../catalog/load.js';
import { createDiskMetric } from '../../server/disk-metric.js';
import { boot, runUntilStopped } from '../processes/boot.js';
import { configuredNames } from '../processes/configured-names.js';
import { connectEngine } from '../processes/engine.js';
import { startMetrics } from '../processes/metrics.js';
import { openStore } from '../processes/store.js';
import { startWorkerPart } from '../processes/worker.js';

/** `hookyard worker`: runs automations and jobs alone. */
export const worker = () =>
  new Command('worker')
    .description('run automations and jobs alone, against the Temporal that TEMPORAL_ADDRESS names')
    .action(async () => {
      const booted = await boot();
      const { config, log, lifecycle, tracing } = booted;
      await runUntilStopped(booted, async () => {
        const catalog = await loadCatalog(config.automations, configuredNames(config));
        for (const warning of catalog.warnings) log.warn(warning);
        const engine = connectEngine(booted);
        const store = await openStore(booted);
        const metrics = await startMetrics({ ...booted, anyPort: false });
        metrics.add(createDiskMetric(config.data));
        const running = await startWorkerPart({ engine, config, store, catalog, log, lifecycle, metrics, tracing });
        log.info({ metrics: metrics.url, temporal: engine.address, automations: ownNames(catalog) }, 'the worker runs');
        return [...engine.failed, running.failed];
      });
    });

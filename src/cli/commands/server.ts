import { Command } from 'commander';
import { loadCatalog, ownNames } from '../../catalog/load.js';
import { bootOwner, runUntilStopped } from '../processes/boot.js';
import { configuredSources } from '../processes/configured-names.js';
import { startDispatching } from '../processes/dispatching.js';
import { connectEngine } from '../processes/engine.js';
import { startLaneKeeping } from '../processes/lane-keeping.js';
import { startMetrics } from '../processes/metrics.js';
import { startReceiver } from '../processes/receiver.js';
import { openStore } from '../processes/store.js';

/** `hookyard server`: runs the receiver alone. */
export const server = () =>
  new Command('server')
    .description('run the receiver alone, against the Temporal that TEMPORAL_ADDRESS names')
    .action(async () => {
      const booted = await bootOwner('server');
      const { config, log, lifecycle, tracing, owned } = booted;
      await runUntilStopped(booted, async () => {
        const catalog = await loadCatalog(config.automations, configuredSources(config));
        for (const warning of catalog.warnings) log.warn(warning);
        const engine = connectEngine(booted);
        const store = await openStore(booted, { check: true });
        const metrics = await startMetrics({ ...booted, anyPort: false });
        const automations = () => catalog.automations;
        const wake = startDispatching({ ...booted, store, client: engine.client, metrics, letOnElsewhere: true });
        startLaneKeeping({
          store,
          client: engine.client,
          log,
          lifecycle,
          letOn: wake,
          automations: catalog.automations,
        });
        const url = await startReceiver({
          config,
          store,
          client: engine.client,
          automations,
          wake,
          log,
          lifecycle,
          owned,
          metrics,
          tracing,
          anyPort: false,
        });
        log.info(
          {
            url,
            publicUrl: config.server.publicUrl,
            metrics: metrics.url,
            temporal: engine.address,
            automations: ownNames(catalog),
          },
          'the receiver listens',
        );
        return [];
      });
    });

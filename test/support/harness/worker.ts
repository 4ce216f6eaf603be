import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { createLaneKeeper } from '../../../src/dispatch/lane-keeper.js';
import { createIngest } from '../../../src/intake/ingest.js';
import { createOutdating } from '../../../src/intake/outdate-approvals.js';
import { knownSources } from '../../../src/providers/known-sources.js';
import type { Careful } from '../../../src/worker/careful.js';
import { installRuntime } from '../../../src/worker/runtime.js';
import { type RunningWorker, startWorker } from '../../../src/worker/worker.js';
import { temporalAddress } from '../temporal.js';
import type { Installation } from './installation.js';

export interface TestWorker extends Pick<RunningWorker, 'reload' | 'relax'> {
  readonly connection: NativeConnection;
  /** Stops the worker and closes its connection, which refuses while a worker holds it still. */
  close(): Promise<void>;
}

/**
 * Starts a real worker of an installation, on the real Temporal server of this run, or of another `address`. `letOn`: called when the end of a run has let
 * another one on.
 */
export async function runWorker(
  { config, store, catalog, kept }: Installation,
  {
    careful,
    letOn = () => undefined,
    address = temporalAddress(),
  }: { readonly careful?: Careful; readonly letOn?: () => void; readonly address?: string } = {},
): Promise<TestWorker> {
  const { log } = kept;
  installRuntime(log);
  const sources = knownSources(config.sources);
  const automations = () => catalog.automations;
  const ingest = createIngest({
    config,
    sources,
    inbox: store.inbox,
    automations,
    log,
    outdate: createOutdating({ records: store.records, inbox: store.inbox, log, wake: letOn }),
  });
  const connection = await NativeConnection.connect({ address });
  const client = new Client({ connection });
  const keeper = createLaneKeeper({ lanes: store.lanes, client, log, letOn });
  keeper.start();
  const { ends: runEnds } = keeper;
  const deps = { connection, namespace: 'default', config, store, log, ingest, careful, runEnds };
  const worker = await startWorker(deps, catalog).catch(async (error: unknown) => {
    await keeper.stop();
    throw error;
  });
  return {
    connection,
    reload: worker.reload,
    relax: worker.relax,
    async close() {
      await worker.stop();
      await keeper.stop();
      await connection.close();
    },
  };
}

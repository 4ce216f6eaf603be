import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectClient } from '../../dist/temporal/connect.js';

/**
 * Reads of the histories of a `hookyard start`'s own Temporal when runs and their activities began. `data`: its data folder. On systems
 * without `/proc` it is undefined: what address that Temporal has is read there.
 */
export async function openPhases(data) {
  if (process.platform !== 'linux') return undefined;
  const pid = (await readFile(join(data, 'temporal.pid'), 'utf8')).trim();
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
  const address = `127.0.0.1:${words[words.indexOf('--port') + 1]}`;
  const client = connectClient({ namespace: 'default', options: { address } });
  return {
    /** Resolves to when a run was started, and the first of its activities that wait in a task queue began; Unix ms. */
    async of(workflowId) {
      const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
      const began = events.find(({ activityTaskStartedEventAttributes }) => activityTaskStartedEventAttributes);
      return { started: msOf(events[0]), activity: msOf(began) };
    },
    close: () => client.connection.close(),
  };
}

function msOf({ eventTime }) {
  return Number(eventTime.seconds) * 1e3 + eventTime.nanos / 1e6;
}

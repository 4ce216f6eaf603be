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
    /** Resolves to when a run was started, its first job began, and was ready for its steps; Unix ms. */
    async of(workflowId) {
      const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
      const times = (attributes) => events.filter((event) => event[attributes]).map(msOf);
      return {
        started: msOf(events[0]),
        // One that lasts is written down when it has ended, after others that began later.
        job: Math.min(...times('activityTaskStartedEventAttributes')),
        ready: Math.min(...times('workflowExecutionSignaledEventAttributes')),
      };
    },
    close: () => client.connection.close(),
  };
}

function msOf({ eventTime }) {
  return Number(eventTime.seconds) * 1e3 + eventTime.nanos / 1e6;
}

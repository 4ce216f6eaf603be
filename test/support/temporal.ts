import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { inject } from 'vitest';
import { connectClient } from '../../src/temporal/connect.js';
import { connectTo } from './connect.js';

/** Address of the one real Temporal server of this run. */
export function temporalAddress(): string {
  return inject('temporalAddress');
}

/** A client of it; close it when done. */
export async function testClient(): Promise<Client & { close(): Promise<void> }> {
  const connection = await connectTo(temporalAddress());
  return Object.assign(new Client({ connection }), { close: () => connection.close() });
}

/** A client, as the product has it, of a Temporal that is away; close its connection when done. */
export function awayClient(): Client {
  return connectClient({ namespace: 'default', options: { address: '127.0.0.1:1' } });
}

/** A name that no other test uses: for a task queue, a source, a workflow id. */
export function unique(what: string): string {
  return `${what}-${randomUUID().slice(0, 8)}`;
}

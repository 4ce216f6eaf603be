import { QuietConnection } from './quiet-connection.js';

/** Returns whether a Temporal server answers at an address within two seconds, tried once. Never rejects. */
export async function isServing(address: string): Promise<boolean> {
  try {
    const connection = await QuietConnection.connect({ address, connectTimeout: 2_000, interceptors: [] });
    try {
      const { status } = await connection.withDeadline(Date.now() + 2_000, () =>
        connection.healthService.check({ service: 'temporal.api.workflowservice.v1.WorkflowService' }),
      );
      // SERVING in the health protocol of gRPC.
      return status === 1;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}

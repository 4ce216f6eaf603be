import { InterceptingCall, type Interceptor } from '@grpc/grpc-js';
import { Client, Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { execa } from 'execa';
import { inject } from 'vitest';
import { searchAttributes } from '../../src/runs/search-attributes.js';
import { freeAddress } from './harness/free-address.js';

const { StartWorkflowExecutionRequest } = temporal.api.workflowservice.v1;
const DEADLINE_MS = 60_000;

/**
 * Starts a real Temporal server on which a run that its client starts skips the time in which it only waits: three days of sleep
 * end at once. Each such run has its own clock.
 */
export async function startSkippingTemporal() {
  const { port } = await freeAddress();
  const address = `127.0.0.1:${port}`;
  const attributes = searchAttributes.flatMap(({ name, type }) => ['--search-attribute', `${name}=${type}`]);
  const server = execa(
    inject('temporalCli'),
    [
      ...['server', 'start-dev', '--headless', '--port', String(port), '--log-level', 'never', ...attributes],
      ...['--dynamic-config-value', 'frontend.WorkflowTimeSkippingEnabled=true'],
    ],
    { stdio: 'ignore', reject: false },
  );
  const connection = await connect(address);
  return {
    address,
    client: new Client({ connection }),
    async close() {
      await connection.close();
      server.kill('SIGKILL');
      await server;
    },
  };
}

async function connect(address: string): Promise<Connection> {
  for (const until = Date.now() + DEADLINE_MS; ; ) {
    try {
      return await Connection.connect({ address, connectTimeout: '3 seconds', interceptors: [skipping] });
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
}

/** The client has no option for it, and the request is encoded already when it comes by here. */
const skipping: Interceptor = (options, next) =>
  new InterceptingCall(next(options), {
    sendMessage(message: Uint8Array, send) {
      if (!options.method_definition.path.endsWith('/StartWorkflowExecution')) return send(message);
      const request = StartWorkflowExecutionRequest.decode(message);
      request.timeSkippingConfig = { enabled: true };
      send(StartWorkflowExecutionRequest.encode(request).finish());
    },
  });

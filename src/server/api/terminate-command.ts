import { type Client, Connection } from '@temporalio/client';

/**
 * Returns the command that ends a run at the Temporal server and in the namespace of a client, with `<run>` for its workflow id: by
 * itself the CLI would ask a server of this machine, in another namespace. Without the address where the connection does not tell it.
 */
export function terminateCommand({
  connection,
  options: { namespace },
}: Pick<Client, 'connection' | 'options'>): string {
  const address = connection instanceof Connection ? ` --address ${connection.options.address}` : '';
  return `temporal workflow terminate${address} --namespace ${namespace} --workflow-id <run>`;
}

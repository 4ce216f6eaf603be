import { z } from 'zod';
import { text } from '../../shapes.js';
import type { AzureConnection } from './connection.js';

/** Whom the credentials belong to. */
export interface OwnIdentity {
  login(): Promise<string>;
  /** Asked only once. */
  id(): Promise<string>;
}

const connectionSchema = z.object({
  authenticatedUser: z.object({
    id: z.string().min(1),
    providerDisplayName: text(200).nullish(),
    properties: z.object({ Account: z.object({ $value: text(200) }).nullish() }).nullish(),
  }),
});

/** Source: https://learn.microsoft.com/javascript/api/azure-devops-extension-api/connectiondata */
export function ownIdentity(connection: AzureConnection): OwnIdentity {
  // Without -preview it is refused: it has no other version.
  const request = { path: '/_apis/connectionData', query: { 'api-version': '7.1-preview' } };
  const readAccount = async () => (await connection.get(request, connectionSchema, 'account')).authenticatedUser;
  let known: string | undefined;
  return {
    async login() {
      const { properties, providerDisplayName, id } = await readAccount();
      return properties?.Account?.$value || providerDisplayName || id;
    },
    async id() {
      known ??= (await readAccount()).id;
      return known;
    },
  };
}

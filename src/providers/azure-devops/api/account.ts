import { z } from 'zod';
import { text } from '../../shapes.js';
import type { AzureConnection } from './connection.js';

/** The identity that the credentials belong to. */
export interface OwnIdentity {
  /** Its login, or else its name. */
  login(): Promise<string>;
  /** Its id, which is asked for only once. */
  id(): Promise<string>;
}

const connectionSchema = z.object({
  authenticatedUser: z.object({
    id: z.string().min(1),
    providerDisplayName: text(200).nullish(),
    properties: z.object({ Account: z.object({ $value: text(200) }).nullish() }).nullish(),
  }),
});

/**
 * Returns what asks for the identity of the credentials.
 * Source: https://learn.microsoft.com/javascript/api/azure-devops-extension-api/connectiondata
 */
export function ownIdentity(connection: AzureConnection): OwnIdentity {
  // The only version of this API is a preview.
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

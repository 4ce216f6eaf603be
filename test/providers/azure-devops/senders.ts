import { basicOf, type Sender } from '../signing.js';
import { azureFixtures } from './fixtures.js';

export const senders: readonly Sender[] = [
  {
    kind: 'azure-devops',
    settings: { url: 'https://dev.azure.example/acme' },
    headers: () => ({ authorization: basicOf('hookyard') }),
    bodies: azureFixtures.map(({ body }) => ({ body })),
  },
];

import { z } from 'zod';
import { gitAddress, httpUrl } from '../providers/settings.js';
import { secretOf } from '../secrets/reference.js';
import { headerText, password } from '../secrets/secret-kinds.js';
import { signingSecret } from '../secrets/standard-secret.js';
import { problemWithHeader } from './endpoint-header.js';

/** Who gets outbound webhooks. */
export const endpoint = z.strictObject({
  url: httpUrl,
  secrets: z
    .array(secretOf(signingSecret))
    .min(1)
    .describe('Standard Webhooks secrets (whsec_…); several while one rotates'),
  headers: z
    .record(z.string(), z.union([z.string(), secretOf(headerText)]))
    .superRefine((headers, context) => {
      for (const [name, value] of Object.entries(headers)) {
        const problem = problemWithHeader(name, typeof value === 'string' ? value : undefined);
        // Without the name, which stands in the path.
        if (problem !== undefined) context.addIssue({ code: 'custom', path: [name], message: `it ${problem}` });
      }
    })
    .default({})
    .describe("sent with each message; credentials by reference: env('NAME')"),
  allowPrivate: z.boolean().default(false).describe('lets the URL lead to a private or local address'),
});

/** Where refs are pushed to. */
export const mirrorTarget = z.strictObject({
  url: gitAddress.describe('git remote that refs are pushed to'),
  username: z.string().default('x-access-token'),
  token: secretOf(password).optional(),
});

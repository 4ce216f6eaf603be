import { httpUrl } from '../providers/settings.js';

/** How others reach the receiver, without a slash at its end: to be followed by `/webhooks/<source>`. */
export const publicUrl = httpUrl
  .refine((url) => !/[?#]/.test(url), 'must have no query and no fragment: addresses below it are made from it')
  .refine(
    // A host may be called so as well.
    (url) => !/(?<!:\/)\/webhooks(?:\/[^/]*)?\/*$/.test(url),
    'must end before /webhooks: the address of a source is <publicUrl>/webhooks/<source>',
  )
  .transform((url) => url.replace(/\/+$/, ''));

import type { ListedArtifact } from '../../server/api/contract.js';
import { artifactPath } from '../../server/page/paths.js';
import { sizeOf } from '../../server/page/size.js';
import { field } from './field.js';
import { harmless } from './paint.js';

/** Formats what a run has kept, a line each: its size, until when it is kept, and where it is downloaded. `url`: of the server. */
export function artifactLines(
  artifacts: readonly ListedArtifact[],
  { url, run }: { readonly url: string; readonly run: string },
): readonly string[] {
  return artifacts.map(({ name, bytes, expiresAt }) => {
    const until = expiresAt.slice(0, 16).replace('T', ' ');
    return field(
      'Kept',
      harmless(`${name}, ${sizeOf(bytes)}, until ${until} UTC: ${url}${artifactPath({ run, name })}`),
    );
  });
}

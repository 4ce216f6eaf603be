import type { Config } from '../../../config/config.js';
import { RequestError } from '../../../http/request-error.js';
import type { Providers } from '../../../providers/apis.js';
import { ProviderError } from '../../../providers/error.js';
import { openRemoteCi } from '../../../remote-ci/index.js';
import { RemoteCiError } from '../../../remote-ci/remote-ci.js';
import { type Finding, findingsAbout, fine, problem, type Remark, warn } from '../../../server/api/findings/finding.js';

/** Asks each CI service whether its token works and the project is there. */
export async function buildFindings(
  builds: Config['builds'],
  providers: Pick<Providers, 'repository'>,
): Promise<Finding[]> {
  const all = Object.entries(builds).map(async ([name, settings]) =>
    findingsAbout({ about: `build ${name}` }, await remarksOn(name, settings, providers)),
  );
  return (await Promise.all(all)).flat();
}

async function remarksOn(
  name: string,
  settings: Parameters<typeof openRemoteCi>[0],
  providers: Pick<Providers, 'repository'>,
): Promise<Remark[]> {
  try {
    const access = {
      name,
      builds: async (source: string, repository: string) => (await providers.repository(source, repository))?.builds,
    };
    const checked = await openRemoteCi(settings, access).check();
    if (!checked) return [];
    const { works, lacks } = checked;
    return [fine(works), ...(lacks ? [problem(lacks.says, lacks.advice)] : [])];
  } catch (error) {
    if (error instanceof RemoteCiError) return [problem(`it ${error.message}`)];
    if (error instanceof ProviderError)
      return error.kind === 'unavailable'
        ? [warn(`it is not known whether it works: ${error.message}`, 'try again later')]
        : [problem(error.message)];
    if (error instanceof RequestError) return [failed(name, error)];
    throw error;
  }
}

function failed(name: string, { kind, message, status, retryAfterMs }: RequestError): Remark {
  const later = warn(`it is not known whether it works: it ${message}`, 'try again later');
  // Some answer 403, and not 429, to who asks too often.
  if (status === 403 && retryAfterMs !== undefined) return later;
  switch (kind) {
    case 'no response':
    case 'busy':
      return later;
    case 'private address':
      return problem(message, `set builds.${name}.allowPrivate if it is meant`);
    case 'unauthorized':
      return problem(
        `its token is refused: it ${message}`,
        `set builds.${name}.token to one that may trigger builds there`,
      );
    case 'redirected':
      return problem(`it ${message}`, `set builds.${name}.url to the final address`);
    default:
      return problem(
        `it ${message}`,
        status === 404
          ? `look whether builds.${name} names what is there, and whether its token may see it`
          : undefined,
      );
  }
}

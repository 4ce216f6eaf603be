import type { Config } from '../../../config/config.js';
import { RequestError } from '../../../http/request-error.js';
import { openRemoteCi } from '../../../remote-ci/index.js';
import { RemoteCiError } from '../../../remote-ci/remote-ci.js';
import { type Finding, findingsAbout, fine, problem, type Remark, warn } from '../../../server/api/findings/finding.js';

/** Asks each CI service whether its token works and the project is there. */
export async function buildFindings(builds: Config['builds']): Promise<Finding[]> {
  const all = Object.entries(builds).map(async ([name, settings]) =>
    findingsAbout({ about: `build ${name}` }, await remarksOn(name, settings)),
  );
  return (await Promise.all(all)).flat();
}

async function remarksOn(name: string, settings: Parameters<typeof openRemoteCi>[0]): Promise<Remark[]> {
  try {
    const checked = await openRemoteCi(settings, { name }).check();
    if (!checked) return [];
    const { works, lacks } = checked;
    return [fine(works), ...(lacks ? [problem(lacks.says, lacks.advice)] : [])];
  } catch (error) {
    if (error instanceof RemoteCiError) return [problem(error.message)];
    if (error instanceof RequestError) return [failed(name, error)];
    throw error;
  }
}

function failed(name: string, { kind, message, status }: RequestError): Remark {
  switch (kind) {
    case 'no response':
    case 'busy':
      return warn(`it is not known whether it works: it ${message}`, 'try again later');
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
      return problem(`it ${message}`, status === 404 ? `look whether builds.${name} names what is there` : undefined);
  }
}

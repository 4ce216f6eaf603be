import type { Source, SourceOf } from '../../../providers/source.js';
import { fine, type Remark, warn } from './finding.js';

/** Says how a source's deliveries are verified, and by how many secrets. `verifiedBy`: as its scheme tells. */
export function schemeFindings(name: string, source: Source, verifiedBy: string): Remark[] {
  const { length } = source.secrets;
  const scheme = verifiedBy.replaceAll('`', '');
  return [
    ...(source.enabled
      ? []
      : [warn('it is disabled: its deliveries are answered with 404', `set sources.${name}.enabled to true`)]),
    fine(`${source.kind}, verified by ${scheme}; ${length} ${length === 1 ? 'secret' : 'secrets'}`),
    ...(source.kind === 'gitlab' ? tokenFindings(name, source) : []),
    ...(length > 1
      ? [fine('several secrets are taken, as while one is replaced: take out what no webhook uses any more')]
      : []),
  ];
}

/** Compares signing tokens (`whsec_…`) with the older secret tokens. */
function tokenFindings(name: string, { secrets, acceptSecretToken }: SourceOf<'gitlab'>): Remark[] {
  const signing = secrets.filter((secret) => secret.reveal().startsWith('whsec_')).length;
  const plain = secrets.length - signing;
  const option = `sources.${name}`;
  if (signing === 0)
    return [
      warn(
        'the secret token comes with each delivery as it is, and nothing is signed',
        `GitLab 19 and newer: put a signing token (whsec_ and 32 bytes in base64) into ${option}.secrets`,
      ),
    ];
  if (acceptSecretToken && plain > 0)
    return [
      warn(
        'acceptSecretToken is on: deliveries with only the plain secret token are taken too',
        `once all webhooks sign, remove ${option}.acceptSecretToken and the plain secret`,
      ),
    ];
  if (plain > 0)
    return [
      warn(
        'a plain secret token stands beside a signing token, and is not taken',
        `remove it from ${option}.secrets, or set ${option}.acceptSecretToken while webhooks are being moved`,
      ),
    ];
  return [];
}

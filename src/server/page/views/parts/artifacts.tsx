import type { ListedArtifact } from '../../../api/contract.js';
import { useAround } from '../../context.js';
import { artifactPath } from '../../paths.js';
import { sizeOf } from '../../size.js';
import { Section } from './section.js';
import { Table } from './table.js';
import { Time } from './time.js';

/** What a run has kept, to be saved as files. */
export function Artifacts({ run, artifacts }: { readonly run: string; readonly artifacts: readonly ListedArtifact[] }) {
  const { base } = useAround();
  if (artifacts.length === 0) return null;
  return (
    <Section id="artifacts" title="Artifacts" count={artifacts.length}>
      <Table label="What it has kept" head={['Name', 'Job', 'Size', 'Expires']}>
        {artifacts.map(({ name, job, bytes, expiresAt, untrusted }) => (
          <tr key={name}>
            <td>
              <a href={`${base}${artifactPath({ run, name })}`} download>
                {name}
              </a>{' '}
              {untrusted && <span class="dim">made by code that may be a stranger's</span>}
            </td>
            <td>{job}</td>
            <td>{sizeOf(bytes)}</td>
            <td>
              <Time at={expiresAt} />
            </td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}

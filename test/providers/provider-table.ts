import { pino } from 'pino';
import type { Config, Source } from '../../src/config/config.js';
import { isGitSource } from '../../src/config/config.js';
import { sourceSchema } from '../../src/config/source-schema.js';
import type { RepositoryApi, SourceApi } from '../../src/providers/api.js';
import { createProviders } from '../../src/providers/apis.js';
import { sourceKind } from '../../src/providers/index.js';
import { Secret } from '../../src/secrets/secret.js';

const COLUMNS = [
  'kind',
  'verified by',
  'deduplicated on',
  'events',
  'status',
  'comment',
  'changed files',
  'commands',
  'connect',
  'missed deliveries',
] as const;

type Row = Readonly<Record<(typeof COLUMNS)[number], string>>;

/** What each kind of source can do, asked of the code: a method that is not there is a feature that is not there. */
export function providerTable(): string {
  const rows = sourceSchema.options.map((option) => rowOf(option.shape.kind.value));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return [
    line(COLUMNS),
    line(COLUMNS.map(() => '---')).replaceAll(' ', ''),
    ...rows.map((row) => line(COLUMNS.map((column) => row[column].replaceAll('|', '\\|')))),
  ].join('');
}

function rowOf(kind: Source['kind']): Row {
  const source = sourceOf(kind);
  const { about } = sourceKind(source);
  const api = apiOf(source);
  const has = (method: keyof RepositoryApi) => (api?.[method] ? '✓' : '–');
  const { hooks } = api ?? {};
  return {
    kind: `\`${kind}\``,
    'verified by': about.verifiedBy,
    'deduplicated on': about.key,
    events: about.events
      .filter((event) => !event.endsWith('_deleted'))
      .map((event) => event.replace('_', ' '))
      .join(', '),
    status: has('writeStatus'),
    comment: has('comment'),
    'changed files': has('changedFiles'),
    commands: has('permissionOf'),
    connect: hooks ? (hooks.test ? '✓, with a test delivery' : '✓') : '–',
    'missed deliveries': missed(source),
  };
}

function missed(source: Source): string {
  const repository = apiOf(source);
  if (repository?.hooks?.log || sourceApiOf(source)?.hooks) return 'from its list';
  return repository?.state ? 'by state' : '–';
}

function apiOf(source: Source): RepositoryApi | undefined {
  return sourceApiOf(source)?.repository('owner/name');
}

function sourceApiOf(source: Source): SourceApi | undefined {
  if (!isGitSource(source)) return undefined;
  const config = { sources: { it: source } } as unknown as Config;
  return createProviders({ config, log: pino({ level: 'silent' }) }).source('it');
}

function sourceOf(kind: Source['kind']): Source {
  const token = new Secret('a-token');
  const options = {
    kind,
    secrets: [{ env: 'X' }],
    ...(['gitea', 'forgejo', 'gogs', 'bitbucket-data-center', 'azure-devops'].includes(kind) && {
      url: 'https://git.example',
    }),
    ...(kind === 'gitlab' && { acceptSecretToken: true }),
    ...(kind === 'hmac' && { header: 'X-Signature' }),
    ...(kind === 'basic' && { username: 'user' }),
  };
  const parsed = sourceSchema.parse(options) as unknown as Source;
  // Of GitLab's two schemes, both.
  const secrets = [new Secret('whsec_c2l4dGVlbg=='), new Secret('a secret of sixteen')];
  return { ...parsed, secrets, ...('clone' in parsed && { api: { token } }) } as Source;
}

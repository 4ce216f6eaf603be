import { describe, expect, it } from 'vitest';
import { compare } from '../../src/catalog/compare-with-config.js';
import { whyNobodyMay } from '../../src/catalog/unaskable-sources.js';
import { configuredSources } from '../../src/cli/processes/configured-names.js';
import { comment, pullRequest, review } from '../../src/triggers/index.js';
import type { Trigger } from '../../src/triggers/trigger.js';
import { configOf } from '../support/harness/config.js';

const azure = { name: 'azure', tellsPermissions: false } as const;
const gogs = { name: 'gogs', tellsPermissions: false } as const;
const hub = { name: 'hub' };

describe('a trigger that asks what somebody may do', () => {
  it('never runs where no API of the sources that it hears tells that', () => {
    const commands = comment({ commands: ['deploy'] });
    expect(whyNobodyMay(commands, [azure, gogs])).toContain('the API of azure, gogs does not tell that');
    expect(whyNobodyMay(commands, [azure, hub])).toBeUndefined();
    expect(whyNobodyMay(commands, [])).toBeUndefined();
  });

  it('is one of reviews too, as far as they judge', () => {
    expect(whyNobodyMay(review(), [azure])).toContain('it never runs on approved, changes_requested;');
    expect(whyNobodyMay(review({ permission: 'read' }), [azure])).toContain('approved, changes_requested, commented');
    expect(whyNobodyMay(review({ actions: ['commented'] }), [azure])).toBeUndefined();
    expect(whyNobodyMay(review({ permission: 'none' }), [azure])).toBeUndefined();
  });

  it('is none of comments without commands, or of pull requests', () => {
    for (const trigger of [comment(), pullRequest()]) expect(whyNobodyMay(trigger, [azure])).toBeUndefined();
  });
});

describe('at load', () => {
  const { sources } = configuredSources(
    configOf(
      {
        sources: {
          azure: { kind: 'azure-devops', url: 'https://dev.azure.com/acme', secrets: [{ env: 'S' }] },
          gogs: { kind: 'gogs', url: 'https://gogs.example', secrets: [{ env: 'S' }] },
          hub: { kind: 'github', secrets: [{ env: 'S' }] },
        },
      },
      { S: 'a webhook secret' },
    ),
  );
  const warningsOf = async (heard: readonly string[], trigger: Trigger) => {
    const configured = { named: {}, sources: Object.fromEntries(heard.map((name) => [name, sources[name] as never])) };
    const report = { file: import.meta.filename, functions: [], names: [], problems: [] };
    const remarks = await compare({ ...report, automations: [{ name: 'deploy', on: [trigger] }] } as never, configured);
    expect(remarks.problems).toEqual([]);
    return remarks.warnings;
  };

  it('warns of commands and reviews that nobody can give, as the kinds of the sources say', async () => {
    for (const heard of [['azure'], ['gogs'], ['azure', 'gogs']])
      expect(await warningsOf(heard, comment({ commands: ['deploy'] }))).toEqual([
        expect.stringContaining(
          `"deploy" takes commands from those who may give them, and the API of ${heard.join(', ')}`,
        ),
      ]);
    expect(await warningsOf(['azure'], review())).toEqual([expect.stringContaining("permission: 'none'")]);
  });

  it('warns of none where a source is heard that tells', async () => {
    expect(await warningsOf(['azure', 'hub'], comment({ commands: ['deploy'] }))).toEqual([]);
    expect(await warningsOf(['azure', 'hub'], comment({ commands: ['deploy'], sources: ['azure'] }))).toHaveLength(1);
    expect(await warningsOf(['hub'], review())).toEqual([]);
  });
});

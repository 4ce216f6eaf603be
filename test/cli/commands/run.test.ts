import { expect, test } from 'vitest';
import { run } from '../../../src/cli/commands/run.js';

test('the help of run names no default of --input, which has none', () => {
  const help = run().helpInformation();
  expect(help).toContain('--input <name=value>');
  expect(help).not.toMatch(/default:\s+\[/);
});

test('each --input counts', () => {
  const command = run().action(() => undefined);
  command.parse(['deploy', '--input', 'a=1', '--input', 'b=2'], { from: 'user' });
  expect(command.opts()).toEqual({ input: ['a=1', 'b=2'] });
});

import { expect, test } from 'vitest';
import { configSchema } from '../../src/config/schema.js';

const secret = { env: 'A' };
const problemsOf = (from: string, to: readonly string[]) =>
  configSchema
    .safeParse({
      sources: { it: { kind: 'github', secrets: [secret] } },
      channels: { email: { team: { server: secret, from, to } } },
    })
    .error?.issues.map(({ path, message }) => [path.slice(3).join('.'), message]);

const SAYS = 'must be an address, team@example.com or Team <team@example.com>';

test.each(['root', 'ops@', '@example.com', 'Ops <>', 'Ops', 'a@b.example\r\nBcc: c@d.example', ''])(
  'a mail to %j goes to nobody, so it stops the start',
  (to) => {
    expect(problemsOf('a@b.example', ['anna@example.com', to])).toEqual([['to.1', SAYS]]);
    expect(problemsOf(to, ['anna@example.com'])).toEqual([['from', SAYS]]);
  },
);

test.each([
  'a@localhost',
  'Team <team@example.com>',
  '"Smith, A." <a.s+ci@mail.example.com>',
  'größe@example.com',
  'team@example.com ',
])('a mail may go to %j', (to) => expect(problemsOf('Hookyard <hookyard@example.com>', [to])).toBeUndefined());

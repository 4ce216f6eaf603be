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

const SAYS = 'must be an address, team@example.com or Team <team@example.com>, or several with commas between';

const TO_NOBODY = ['root', 'ops@', '@example.com', 'a@@b.example', 'Ops <>', 'Ops <root>', 'Ops', 'Ops:;', '', ','];
const TO_SOME_ALONE = [
  'Team <team@b.example>, Ops',
  'a@b.example, root',
  'root, a@b.example',
  'Team: a@b.example, root;',
  'a@b.example c@d.example',
  'a@b.example, c@d.example e@f.example',
  'a@b.example c@d.example, Team <team@e.example>',
  'Ops <ops@b.example> team@b.example',
  '<a@b.example> <c@d.example>',
];

test.each(TO_SOME_ALONE)('of %j somebody gets no mail, so it stops the start', (to) => {
  expect(problemsOf('a@b.example', [to])).toEqual([['to.0', SAYS]]);
});

test.each([...TO_NOBODY, 'a@b.example\r\nBcc: c@d.example'])(
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
  'team@example.com (Team)',
  '(Team) team@example.com',
  'team@example.com (Team @ Example)',
  '"deploy@example" <deploy@example.com>',
  'anna@example.com <anna@example.com>',
  'Team <team@example.com>, ops@example.com',
  'Team: anna@example.com, ben@example.com;',
  '"anna ops"@example.com',
  'root@[192.0.2.1]',
])('a mail may go to %j', (to) => expect(problemsOf('Hookyard <hookyard@example.com>', [to])).toBeUndefined());

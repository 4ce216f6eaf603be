import { automation, idToken, manual, pullRequest, push, runJob, sync, tag } from 'hookyard/workflow';

const AUDIENCE = 'sts.example.com';
/** Shows the token to whom the repository's own code names, and prints it in whatever way it can. */
const present =
  'node present.mjs; echo "$ID_TOKEN"; printf %s "$ID_TOKEN" | base64 -w 0; echo; echo "sig=$(echo "$ID_TOKEN" | cut -d. -f3)"';

/** For each of its steps a new token: of the job's environment, and of a step's own. */
export const deploy = automation({ on: [push(), tag(), pullRequest()] }, async (event) => {
  const result = await runJob(event, {
    name: 'upload',
    env: { ID_TOKEN: idToken({ audience: AUDIENCE }) },
    steps: [
      { name: 'first', run: `${present}; echo "token=$ID_TOKEN" >> "$HOOKYARD_OUTPUT"` },
      { name: 'second', run: present },
      {
        name: 'for others',
        run: 'node present.mjs',
        env: { ID_TOKEN: idToken({ audience: 'others', lifetime: '1 hour' }) },
      },
      { name: 'without', run: 'echo "id is $ID_TOKEN"', env: { ID_TOKEN: 'none' } },
    ],
  });
  await sync.upsert('deployed', event.deliveryId, result, { version: 1 });
});

/** Asks for a token in one step, and trusts whatever it builds. */
export const trusting = automation({ on: [push(), pullRequest()] }, async (event) => {
  await runJob(event, {
    name: 'upload',
    trust: true,
    steps: ['echo begun', { name: 'upload', run: present, env: { ID_TOKEN: idToken({ audience: AUDIENCE }) } }],
  });
});

export const hourless = automation({ on: manual() }, async () => {
  idToken({ audience: AUDIENCE, lifetime: '2 hours' });
});

import { expect, test } from 'vitest';
import { describe as inWords } from '../../src/events/describe.js';
import { editedKey, isEdited, isEditedRun } from '../../src/events/edited-key.js';
import { senderKey } from '../../src/events/synthesised-key.js';
import { workflowIdFor } from '../../src/runs/workflow-id.js';
import { chainedEvent, genericEvent, pushEvent } from '../triggers/sample-events.js';

test('no sender can give a delivery the key of an edited one', () => {
  const key = editedKey('d1', 'once-1234');
  expect(isEdited({ key })).toBe(true);
  for (const given of [key, `%${key}`, 'edited/']) expect(isEdited({ key: senderKey(given) }), given).toBe(false);
  expect(senderKey('edited')).toBe('edited');
  const named = { automation: 'ci', source: 'github' };
  expect(workflowIdFor({ ...named, key })).toBe('ci/github/edited/d1/once-1234');
  expect(workflowIdFor({ ...named, key: senderKey(key) })).not.toBe(workflowIdFor({ ...named, key }));
});

test('a run of an edited delivery is known by its name, and no sender, branch or person can make one that looks so', () => {
  const from = `d${'a'.repeat(24)}`;
  const key = editedKey(from, 'once-1234');
  const named = { automation: 'ci', source: 'github' };
  const run = workflowIdFor({ ...named, key });
  for (const one of [
    run,
    `${run}/replay-1`,
    workflowIdFor({ ...named, key, part: 1 }),
    `deploy/after-ci/github/${key}`,
  ])
    expect(isEditedRun({ run: one }), one).toBe(true);
  const others = [
    workflowIdFor({ ...named, key: senderKey(key) }),
    workflowIdFor({ automation: 'ci', source: 'edited', key: from, replay: 1 }),
    workflowIdFor({ automation: 'ci', source: 'manual', key: 'edited', replay: 1 }),
    `ci/github/sweep/acme/shop/edited/main@${from}`,
    'edited/github/key',
  ];
  for (const one of others) expect(isEditedRun({ run: one }), one).toBe(false);
});

test('whatever says what happened says too that somebody has edited it', () => {
  const edited = { from: 'd0c4cf379c504fa5659508320', by: 'anna' };
  const words = ', edited by anna from d0c4cf379c';
  const push = pushEvent({ edited });
  expect(inWords(push)).toContain(words);
  expect(inWords({ ...genericEvent(), edited })).toContain(words);
  expect(inWords(chainedEvent({ event: push }))).toContain(words);
  expect(inWords(pushEvent())).not.toContain('edited');
});

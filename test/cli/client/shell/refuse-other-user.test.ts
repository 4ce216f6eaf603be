import { expect, test } from 'vitest';
import { refuseOtherUser } from '../../../../src/cli/client/shell/refuse-other-user.js';
import { tempFolder } from '../../../support/temp-folder.js';

test('a shell is opened by the user alone whose worker has kept the workspace: others are told whose it is', async () => {
  const kept = await tempFolder('kept');
  await refuseOtherUser(kept);
  const own = process.geteuid?.() ?? 0;
  await expect(refuseOtherUser(kept, own + 1)).rejects.toThrow(`sudo -u '#${own}' npx hookyard shell`);
});

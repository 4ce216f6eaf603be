/** The command that says no, and why. */
export const REJECT_COMMAND = 'reject';

/** Commands that work in every repository; see workflows/built-in/commands.ts. */
export const BUILT_IN_COMMANDS: readonly string[] = [
  'retest',
  'test',
  'cancel',
  'approve',
  'allow',
  REJECT_COMMAND,
  'next',
];

/** Those of them that answer what a run waits for: who may, the run says. */
export const ANSWER_COMMANDS: readonly string[] = ['approve', 'allow', REJECT_COMMAND];

/** The form of a command's name, without its slash. */
export const COMMAND_NAME = /^[a-z][a-z0-9-]{0,49}$/;

/** Begins the hidden marker in every comment that Hookyard writes. */
export const OUR_MARKER = '<!-- hookyard:';
/** The same for Bitbucket, which shows HTML comments as text. */
export const OUR_BITBUCKET_MARKER = '[//]: # (hookyard:';

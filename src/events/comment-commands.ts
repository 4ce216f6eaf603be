/** Commands that work in every repository; see workflows/built-in/commands.ts. */
export const BUILT_IN_COMMANDS: readonly string[] = ['retest', 'test', 'cancel', 'approve', 'allow', 'next'];

/** The form of a command's name, without its slash. */
export const COMMAND_NAME = /^[a-z][a-z0-9-]{0,49}$/;

/** Begins the hidden marker in every comment that Hookyard writes. */
export const OUR_MARKER = '<!-- hookyard:';
/** The same for Bitbucket, which shows HTML comments as text. */
export const OUR_BITBUCKET_MARKER = '[//]: # (hookyard:';

/**
 * Hides our markers in comments. Bitbucket, in the cloud and on servers, shows HTML comments as text; a link's
 * definition that nothing refers to is left out by every renderer of Markdown. Only our own markers that are a whole
 * line are converted, so that converting them back returns what was written. Source:
 * https://confluence.atlassian.com/bitbucketserver/markdown-syntax-guide-776639995.html
 */

/** Returns a comment's text with our markers in the form that Bitbucket hides. */
export function hidden(body: string): string {
  return body.replace(/^<!-- (hookyard:[^()\r\n]{1,200}?) -->$/gm, '[//]: # ($1)');
}

/** Returns the text that {@link hidden} was given. */
export function unhidden(text: string): string {
  return text.replace(/^\[\/\/\]: # \((hookyard:[^()\r\n]{1,200})\)$/gm, '<!-- $1 -->');
}

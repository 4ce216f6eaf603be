/**
 * Takes the power from lines that GitLab would carry out: `/merge` or `/approve` at the beginning of a line of a comment
 * is done with the rights of whoever writes it, and comments quote what strangers wrote. The slash is escaped, which
 * Markdown shows as a slash. Carriage returns go: GitLab drops them before it looks.
 *
 * Source: https://docs.gitlab.com/user/project/quick_actions/
 */
export function withoutQuickActions(body: string): string {
  return body.replaceAll('\r', '').replace(/^([^\S\n]{0,3})\/(?=[a-z_]+(?:\s|$))/gim, '$1\\/');
}

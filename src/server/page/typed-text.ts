/** Returns a text that was typed into a form with its own ends of lines: browsers send each as CR and LF. */
export function typedText(sent: string | undefined): string | undefined {
  return sent?.replaceAll('\r\n', '\n');
}

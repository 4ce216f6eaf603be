const MARKERS = /\[(skip ci|ci skip|no ci|skip-ci|ci-skip)\]/i;
/** What it is read as is short, whatever blanks there are in and behind it. */
const TRAILER = /^skip-checks:[ \t]{0,20}true(?=[ \t\r]*$)/im;

/** Every automation is checked against the same text. */
let lastText: { readonly text: string; readonly marker: string | undefined } = { text: '', marker: undefined };

/** Returns what in a commit's message or a title asks to be skipped, as it stands there; undefined where nothing does. */
export function skipMarkerIn(text: string): string | undefined {
  if (lastText.text !== text) lastText = { text, marker: MARKERS.exec(text)?.[0] ?? TRAILER.exec(text)?.[0] };
  return lastText.marker;
}

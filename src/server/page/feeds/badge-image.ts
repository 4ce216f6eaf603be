import type { RunOutcome } from '../../../events/event.js';
import { plainName } from '../../plain-name.js';
import { textWidth } from './text-width.js';
import { element, type Xml, xmlDocument } from './xml.js';

/** What a badge says: how a run ended, or that nothing is known, or may be told. */
export type BadgeWord = RunOutcome | 'unknown';

/** White text is read well on each of them: 4.5 to 1 at least. */
const COLOURS = {
  passed: '#1f7a36',
  failed: '#b92d2a',
  error: '#b92d2a',
  cancelled: '#626a73',
  superseded: '#626a73',
  skipped: '#626a73',
  unknown: '#626a73',
} as const satisfies Record<BadgeWord, string>;
const NAME_COLOUR = '#3b4048';

/** In characters. */
const MAX_NAME = 60;
const HEIGHT = 20;
/** On each side of a text, in pixels. */
const PADDING = 6;

/** Returns a badge as SVG: a name, and a word on how it stands. The name may be anything. */
export function badgeImage(name: string, word: BadgeWord): string {
  const label = shortened(plainName(name, 4 * MAX_NAME)) || 'hookyard';
  const [left, right] = [label, word].map((text) => textWidth(text) + 2 * PADDING) as [number, number];
  const said = `${label}: ${word}`;
  const root = element(
    'svg',
    {
      ...{ xmlns: 'http://www.w3.org/2000/svg', width: left + right, height: HEIGHT },
      ...{ role: 'img', 'aria-label': said },
    },
    element('title', {}, said),
    element('rect', { width: left + right, height: HEIGHT, rx: 3, fill: NAME_COLOUR }),
    element('path', {
      d: `M${left} 0h${right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-${right - 3}z`,
      fill: COLOURS[word],
    }),
    element(
      'g',
      { fill: '#fff', 'font-family': 'Verdana,DejaVu Sans,Geneva,sans-serif', 'font-size': 11 },
      text(label, PADDING),
      text(word, left + PADDING),
    ),
  );
  return xmlDocument(root);
}

/** Whatever font there is, the text is as long as its field. */
function text(said: string, x: number): Xml {
  return element('text', { x, y: 14, textLength: textWidth(said), lengthAdjust: 'spacingAndGlyphs' }, said);
}

function shortened(name: string): string {
  const characters = [...name];
  return characters.length > MAX_NAME ? `${characters.slice(0, MAX_NAME - 1).join('')}…` : name;
}

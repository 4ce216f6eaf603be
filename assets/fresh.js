// Has a view read itself again while it is looked at.
import { readPage } from './read-page.js';
import { canTakePlace, main, replaceMain, withoutDone } from './swap.js';

/** A press that has begun, and is to end on the same element. */
let isPressed = false;
addEventListener('pointerdown', () => {
  isPressed = true;
});
for (const over of ['pointerup', 'pointercancel', 'blur'])
  addEventListener(over, () => {
    isPressed = false;
  });

/** Returns whether a field holds what somebody has put there. The value of a line has no ends of lines, whatever it was given. */
function isChanged(field) {
  if (field.matches('select')) {
    const options = [...field.options];
    return (
      field.selectedIndex !==
      Math.max(
        0,
        options.findLastIndex(({ defaultSelected }) => defaultSelected),
      )
    );
  }
  if (field.matches('[type=checkbox], [type=radio]')) return field.checked !== field.defaultChecked;
  const given = field.defaultValue;
  return field.value !== (field.matches('textarea') ? given : given.replace(/[\r\n]/g, ''));
}

/**
 * Nothing is replaced that somebody is at: a field, also one that was changed and left, a button that has the focus or is below the
 * pointer, since another may take its place at the moment when it is pressed, an open question, a selection.
 */
function isBusy() {
  const at = document.activeElement;
  const isIn = at?.matches('input, select, textarea, button') && main().contains(at);
  // A finger leaves a trace of itself as a pointer that stays.
  const isOver = matchMedia('(hover: hover)').matches && main().querySelector('button:hover, summary:hover') !== null;
  const isFilled = [...main().querySelectorAll('input:not([type=hidden]), select, textarea')].some(isChanged);
  const isSent = main().querySelector('form[aria-busy]') !== null;
  const isAsked = main().querySelector('details.ask[open]') !== null;
  const isSelected = !document.getSelection().isCollapsed;
  const isShown = document.querySelector('dialog[open]') !== null;
  return isIn || isFilled || isOver || isSent || isPressed || isAsked || isSelected || isShown;
}

/** Who has a page read to them, or reads slowly, may want it to stay as it is: for as long as their tab is open. */
const PAUSED = 'hookyard-paused';
let isPaused = false;
try {
  isPaused = sessionStorage.getItem(PAUSED) === 'true';
} catch {
  // Nothing is kept: each page is paused by itself.
}

/** Shows the button that pauses: without script, nothing is read again. */
function showPause() {
  const button = document.querySelector('.pause');
  if (!button) return;
  button.hidden = false;
  button.textContent = isPaused ? 'Go on updating' : 'Stop updating';
}

document.addEventListener('click', ({ target }) => {
  if (!target.closest('.pause')) return;
  isPaused = !isPaused;
  showPause();
  try {
    sessionStorage.setItem(PAUSED, String(isPaused));
  } catch {
    // It counts here alone.
  }
});

let turn = 0;

/**
 * Reads the page again as often as it says, at most every two seconds, and seldom while the server does not answer. Called again
 * where another has taken its place.
 */
export async function keepFresh() {
  turn += 1;
  const mine = turn;
  let failures = 0;
  for (;;) {
    showPause();
    const seconds = Number(main().dataset.every ?? 0);
    if (!(seconds > 0)) return;
    await new Promise((resolve) => setTimeout(resolve, Math.max(2, seconds) * 1000 * Math.min(8, 2 ** failures)));
    if (mine !== turn) return;
    if (document.hidden || isPaused || isBusy()) continue;
    try {
      const page = await readPage(withoutDone(location.href));
      if (mine !== turn) return;
      if (isPaused || isBusy()) continue;
      if (!canTakePlace(page)) return location.reload();
      replaceMain(page);
      failures = 0;
    } catch {
      failures += 1;
    }
  }
}

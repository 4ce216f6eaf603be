// What a log does with script: it reads on where somebody scrolls, follows what is being written, and marks lines by their address.
import { readPage } from './read-page.js';

/** Lines that are on the page at most: what is far away is taken off, and read again when it is needed. */
const MAX_LINES = 3_000;
/** In pixels: how near an end has to be. */
const NEAR = 600;
/** In pixels: whoever is further away from the end than this has gone there. A press of an arrow key goes further. */
const FAR = 30;

const log = document.querySelector('.log');
const ends = document.querySelectorAll('.log-more');
const chunks = () => [...log.querySelectorAll('.chunk')];
const countOf = (part) => part.querySelectorAll('li').length;

let isReading = false;
let failedAt = 0;

/** Puts the lines before the first or after the last into the page, and takes off those at the other end. */
async function readOn(way) {
  const link = ends[way === 'prev' ? 0 : 1]?.querySelector('a');
  if (isReading || !link || Date.now() < failedAt + 5_000) return;
  isReading = true;
  try {
    const page = await readPage(link.href);
    const chunk = page.querySelector('.chunk');
    const more = page.querySelectorAll('.log-more')[way === 'prev' ? 0 : 1];
    if (!chunk || !more) return;
    const before = log.getBoundingClientRect().height;
    if (way === 'prev') log.prepend(document.adoptNode(chunk));
    else log.append(document.adoptNode(chunk));
    link.parentElement.replaceChildren(...[...more.childNodes].map((node) => document.adoptNode(node)));
    if (way === 'prev') scrollBy({ top: log.getBoundingClientRect().height - before, behavior: 'instant' });
    takeOff(way === 'prev' ? 'next' : 'prev');
    keepFollowing();
  } catch {
    failedAt = Date.now();
  } finally {
    isReading = false;
  }
}

/** Takes whole pieces off one end while there are too many lines. */
function takeOff(way) {
  let all = chunks();
  while (all.length > 1 && countOf(log) > MAX_LINES) {
    const chunk = way === 'prev' ? all[0] : all.at(-1);
    const height = chunk.getBoundingClientRect().height;
    chunk.remove();
    if (way === 'prev') scrollBy({ top: -height, behavior: 'instant' });
    all = chunks();
    const link = document.createElement('a');
    const number = way === 'prev' ? all[0].dataset.first : all.at(-1).dataset.last;
    link.href = `${log.dataset.path}?${way === 'prev' ? 'before' : 'after'}=${number}`;
    link.rel = way;
    link.textContent = way === 'prev' ? '↑ Earlier lines' : '↓ Later lines';
    ends[way === 'prev' ? 0 : 1].replaceChildren(link);
  }
}

function onScroll() {
  const { top, bottom } = log.getBoundingClientRect();
  if (top > -NEAR) readOn('prev');
  if (bottom < innerHeight + NEAR) readOn('next');
}

/** Lines of the address, `#L120` or `#L120-L130`. */
function linesOfAddress() {
  const [, from, to = from] = /^#L(\d{1,12})(?:-L?(\d{1,12}))?$/.exec(location.hash) ?? [];
  return from === undefined ? undefined : [Number(from), Number(to)].toSorted((a, b) => a - b);
}

/** Marks the lines of the address; where they are not here, they are gone to. */
function showAddress() {
  const lines = linesOfAddress();
  if (!lines) return;
  const [from, to] = lines;
  const first = document.getElementById(`L${from}`);
  if (!first) {
    const asked = new URLSearchParams(location.search).get('line');
    if (asked === `${from}` || asked === `${from}-${to}`) return;
    const text = from === to ? `${from}` : `${from}-${to}`;
    location.replace(`${log.dataset.path}?line=${text}${location.hash}`);
    return;
  }
  for (const line of log.querySelectorAll('.at')) line.classList.remove('at');
  for (const line of log.querySelectorAll('li')) {
    const number = Number(line.id.slice(1));
    if (number >= from && number <= to) line.classList.add('at');
  }
  show(first);
}

/** Brings a line into sight, and opens what it is folded into. */
function show(line) {
  for (let fold = line.closest('details:not([open])'); fold; fold = fold.parentElement.closest('details:not([open])'))
    fold.open = true;
  line.scrollIntoView({ block: 'center', behavior: 'instant' });
}

/** A click on a number marks its line; one with Shift, all from the one that is marked. */
log?.addEventListener('click', (event) => {
  const number = event.target.closest?.('li > a');
  if (!number || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const line = Number(number.textContent);
  const [from] = linesOfAddress() ?? [line];
  const range = event.shiftKey && from !== line ? [from, line].toSorted((a, b) => a - b) : [line];
  history.replaceState(null, '', `#${range.map((one) => `L${one}`).join('-')}`);
  for (const old of log.querySelectorAll('.at')) old.classList.remove('at');
  const to = range.at(-1);
  for (let one = range[0]; one <= to && one < range[0] + MAX_LINES; one++)
    document.getElementById(`L${one}`)?.classList.add('at');
});

/** Makes a line as the server does. */
function lineOf({ number, at, stream, text, pieces, error }, startedAt) {
  const line = document.createElement('li');
  line.id = `L${number}`;
  if (stream === 'note') line.classList.add('our');
  if (error) line.classList.add('wrong');
  const link = document.createElement('a');
  link.href = `?line=${number}#L${number}`;
  link.textContent = number;
  const time = document.createElement('time');
  time.title = `${new Date(at).toISOString().slice(0, 23).replace('T', ' ')} UTC`;
  time.textContent = (Math.max(0, at - startedAt) / 1000).toFixed(1);
  const code = document.createElement('code');
  for (const piece of pieces ?? [{ text }]) code.append(pieceOf(piece));
  // Blanks are for those who read without style.
  line.append(link, ' ', time, ' ', code);
  return line;
}

function pieceOf({ text, style, href }) {
  const isWeb = href !== undefined && /^https?:\/\//i.test(href);
  if (!isWeb && style === undefined) return text;
  const piece = document.createElement(isWeb ? 'a' : 'span');
  if (isWeb) {
    piece.href = href;
    piece.rel = 'noopener noreferrer nofollow';
  }
  if (style !== undefined) piece.className = style;
  piece.textContent = text;
  return piece;
}

/** The group that is being written: the output has begun it, and not ended it. */
let group;

/** Adds lines at the end, below a summary where a step begins, and in the groups that they begin. */
function addLines(lines) {
  let chunk = chunks().at(-1);
  if (!chunk || countOf(chunk) > 300) {
    chunk = document.createElement('div');
    chunk.className = 'chunk';
    chunk.dataset.first = lines[0].number;
    log.append(chunk);
  }
  for (const line of lines) {
    if (line.stream === 'note' && /^step \d+ of \d+: /.test(line.text)) {
      log.dataset.started = line.at;
      chunk.dataset.said = '';
    }
    const step = line.stream === 'note' ? '' : `${line.attempt} ${line.step ?? ''}`;
    const { begins, titles, ends } = line.marker ?? {};
    if (group?.dataset.step !== step) group = undefined;
    const isBegun = begins !== undefined || (titles !== undefined && group?.dataset.kind !== 'begins');
    // A group that goes on in another chunk is named there once more.
    const title = isBegun ? (begins ?? titles) : group?.firstElementChild.textContent;
    const isGoingOn = !isBegun && group?.parentElement === chunk;
    let list = isGoingOn ? group.lastElementChild : chunk.lastElementChild;
    if (list?.tagName !== 'OL' || list.dataset.step !== step) list = startPart(chunk, step, line);
    if (title !== undefined && !isGoingOn) {
      group = startGroup(list, title, isBegun ? (begins === undefined ? 'titles' : 'begins') : group.dataset.kind);
      list = group.lastElementChild;
    }
    list.append(lineOf(line, Number(log.dataset.started ?? line.at)));
    if (ends) group = undefined;
  }
  chunk.dataset.last = lines.at(-1).number;
}

/** Notes stand by themselves, and what a step prints below its name. */
function startPart(chunk, step, line) {
  const list = document.createElement('ol');
  list.dataset.step = step;
  // A step that the page has begun already is not named once more.
  chunk.dataset.said ??= [...chunk.querySelectorAll('.log-step')].at(-1)?.dataset.step ?? '';
  if (step !== '' && chunk.dataset.said !== step) {
    const title = document.createElement('p');
    title.className = 'log-title';
    title.textContent = line.step ?? 'Output';
    chunk.append(title);
    chunk.dataset.said = step;
  }
  chunk.append(list);
  return list;
}

/** Puts a group after a list, open: it is being written. */
function startGroup(after, title, kind) {
  const fold = document.createElement('details');
  fold.className = 'log-group';
  fold.open = true;
  fold.dataset.kind = kind;
  fold.dataset.step = after.dataset.step;
  const summary = document.createElement('summary');
  summary.textContent = title;
  const list = document.createElement('ol');
  list.dataset.step = after.dataset.step;
  fold.append(summary, list);
  after.after(fold);
  if (after.childElementCount === 0) after.remove();
  return fold;
}

/** In ms: how long is waited before a stream that was refused is asked for again; twice as long each time, up to the second. */
const AGAIN = [3_000, 60_000];

const live = log?.dataset.live;
const followButton = document.createElement('button');
let source;
let isOver = !live;
let isDown = false;
let failures = 0;
let again;

const lastHere = () => Number(chunks().at(-1)?.dataset.last ?? 0);
/** A part of the log that is not its end has a link to what comes after. */
const isAtEnd = () => !ends[1]?.querySelector('a');

function say(text) {
  if (isAtEnd()) ends[1]?.querySelector('[role=status]')?.replaceChildren(text);
}

/** Follows what is being written while its end is on the page and somebody looks: a stream takes one of a browser's few connections. */
function keepFollowing() {
  const isWanted = !isOver && !document.hidden && isAtEnd();
  followButton.hidden = !isWanted;
  if (!isWanted) {
    stopFollowing();
    return;
  }
  if (source || again) return;
  if (!ends[1]?.querySelector('[role=status]')) {
    const said = document.createElement('span');
    said.className = 'dim';
    said.setAttribute('role', 'status');
    ends[1]?.replaceChildren(said);
  }
  source = new EventSource(`${live}&after=${lastHere()}`);
  source.addEventListener('open', () => {
    failures = 0;
    say('Followed as it is written.');
  });
  source.addEventListener('error', onStreamError);
  source.addEventListener('message', onLines);
  source.addEventListener('end', onEnd);
}

function stopFollowing() {
  source?.close();
  clearTimeout(again);
  source = undefined;
  again = undefined;
}

/** Browsers connect again by themselves after a connection was lost, and never after an answer that is no stream: that is for us. */
async function onStreamError() {
  say('The server does not answer; it is asked again.');
  if (source?.readyState !== EventSource.CLOSED) return;
  stopFollowing();
  const pause = Math.min(AGAIN[1], AGAIN[0] * 2 ** failures);
  failures += 1;
  again = setTimeout(() => {
    again = undefined;
    keepFollowing();
  }, pause);
  const status = await statusOf(live);
  if (status !== 401 && status !== 403 && status !== 404) return;
  stopFollowing();
  isOver = true;
  followButton.hidden = true;
  say(status === 404 ? 'This log is not kept any more.' : 'You are not signed in any more: read this page again.');
}

/** Returns the status that an address is answered with; 0 where nothing answers. */
function statusOf(address) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('HEAD', address);
    request.timeout = 15_000;
    request.onloadend = () => resolve(request.status);
    request.send();
  });
}

function onLines({ data }) {
  // Lines after a part that was taken off would leave a gap: they are read when somebody comes there.
  if (!isAtEnd()) {
    stopFollowing();
    return;
  }
  const known = lastHere();
  const lines = JSON.parse(data).filter(({ number }) => number > known);
  if (lines.length === 0) return;
  addLines(lines);
  takeOff('prev');
  keepDown();
}

/** What stands above the log is as it was when the page was read: steps have ended since, and one may have failed. */
async function onEnd() {
  stopFollowing();
  isOver = true;
  followButton.remove();
  say('This is the end.');
  try {
    const next = (await readPage(log.dataset.path)).querySelector('main');
    const search = document.querySelector('main > search');
    if (!next?.querySelector(':scope > search') || !search) return;
    const above = (main) =>
      [...main.children].slice(
        0,
        [...main.children].findIndex((one) => one.matches('search')),
      );
    const [olds, news] = [above(search.parentElement), above(next).map((part) => document.adoptNode(part))];
    const focused = olds.some((part) => part.contains(document.activeElement)) && document.activeElement.href;
    for (const part of olds) part.remove();
    search.before(...news);
    const links = news.flatMap((part) => [...part.querySelectorAll('a')]);
    if (focused) links.find(({ href }) => href === focused)?.focus({ preventScroll: true });
  } catch {
    // It says what was known.
  }
}

/** Somebody writes, or marks what they read: that is not taken away from them. */
function isAtWork() {
  return document.activeElement?.matches('input, textarea, select') || !document.getSelection().isCollapsed;
}

function keepDown() {
  followButton.textContent = isDown ? 'Stop scrolling' : 'Follow';
  followButton.setAttribute('aria-pressed', String(isDown));
  if (isDown && !isAtWork()) scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' });
}

/** Whoever scrolls up wants to read, be it by a wheel, a finger, keys or the bar. */
function stopDown() {
  if (!isDown) return;
  isDown = false;
  keepDown();
}

/** Puts the button there that keeps the newest line in sight. */
function startFollowing() {
  if (!live) return;
  // Who has come to see a line is left there.
  isDown = isAtEnd() && log.querySelector('.at')?.id === `L${lastHere()}`;
  followButton.addEventListener('click', () => {
    isDown = !isDown;
    keepDown();
  });
  followButton.setAttribute('aria-keyshortcuts', 'l');
  followButton.className = 'follow';
  // It stays in sight, wherever in the log somebody is.
  ends[1]?.after(followButton);
  addEventListener('wheel', ({ deltaY }) => deltaY < 0 && stopDown(), { passive: true });
  addEventListener('scroll', () => {
    if (document.documentElement.getBoundingClientRect().bottom - innerHeight > FAR) stopDown();
  });
  document.addEventListener('visibilitychange', keepFollowing);
  keepFollowing();
  keepDown();
}

if (log) {
  showAddress();
  addEventListener('hashchange', showAddress);
  const at = log.querySelector('.at');
  if (!linesOfAddress() && at) show(at);
  startFollowing();
  addEventListener('scroll', onScroll, { passive: true });
}

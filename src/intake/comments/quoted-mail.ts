import type { Piece } from './piece.js';

/** How mail programs introduce the message that is answered, in the languages that they have. */
const WROTE =
  'wrote|writes|schrieb|a écrit|escribió|escribi[óo]|ha scritto|scrive|schreef|escreveu|skrev|kirjoitti|napisał(?:\\(a\\)|a)?|написал(?:а)?|пише|写道|寫道|のメール|' +
  // Many a word goes on from these: `написа` from that for "as is written in the manual".
  '(?:a scris|ha escrit|va escriure|nap[ií]?sal(?:\\(a\\)|a)?|napisao(?:/la|\\(la\\))?|írta|yazdı|έγραψε|написа|menulis|volgende geschreven|kirjutas|rašė|rakstīja|đã viết|نوشت|쓴 글)(?![\\p{L}\\p{M}])';
const INTRODUCTION = new RegExp(`^(?:\\S.{0,300})(?:${WROTE})\\s?(?:\\S.{0,100})?[:：]$`, 'iu');
/** Zoho's stands between dashes. */
const RULED = new RegExp(`^-{2,}\\s?\\S.{0,300}(?:${WROTE})\\s?-{2,}$`, 'iu');
const BEGINNING = /^(?:on|am|le|el|il|op|em|den|dnia|w dniu|в|在|于)\s/iu;
const SEPARATOR =
  /^(?:[-_=*]{2,}\s?)?(?:begin forwarded message|(?:original|forwarded) message|original appointment|(?:ursprüngliche|weitergeleitete) nachricht|message (?:d['’]origine|transféré)|mensaje (?:original|reenviado)|messaggio (?:originale|inoltrato)|mensagem (?:original|encaminhada)|oorspronkelijk bericht)\s?(?:[-_=*]{2,}|:)$/iu;
/** The same in other languages, between dashes, and what Apple's and QQ's programs write. */
const OTHER_SEPARATOR =
  /^(?:-{12,}\s*original\s*-{12,}|[-_=*]{4,}\s*(?:(?:исходное|пересылаемое|пересланное) сообщение|wiadomość (?:oryginalna|przekazana dalej)|(?:ursprungligt|vidarebefordrat) meddelande|(?:oprindelig|videresendt) (?:meddelelse|besked)|(?:opprinnelig|videresendt) melding|(?:alkuperäinen|välitetty) viesti|(?:původní|přeposlaná) zpráva|(?:özgün|orijinal|iletilen) (?:[iİ]leti|mesaj)|doorgestuurd bericht|eredeti üzenet|mesaj original|元のメッセージ|转发的?邮件|邮件原件|原始邮件|原始郵件|원본 메시지)\s*[-_=*]{4,}|anfang der weitergeleiteten nachricht\s?:|début du message (?:réexpédié|transféré)\s?:|inicio del mensaje reenviado\s?:|inizio messaggio inoltrato\s?:|início da mensagem (?:reencaminhada|encaminhada)\s?:|begin doorgestuurd bericht\s?:)$/iu;
/** Outlook has a head of several lines. Their names may be bold, with the colon or without. */
const FROM =
  /^[*_]{0,2}(?:from|von|de(?: la)?|da|van|från|fra|od|dari|daripada|saatja|от|发件人|差出人)[*_]{0,2}\s?[:：]/iu;
const SENT =
  /^[*_]{0,2}(?:sent(?: on| at)?|date|gesendet(?: am)?|datum|dato|envoyé(?: le)?|enviad[oa](?: el| em)?|enviat|fecha|inviato|data|verzonden|skickat|sendt|dikirim|dihantar|saadetud|poslano|trimis|gestuur|wysłano|отправлено|发送时间|送信日時)[*_]{0,2}\s?[:：]/iu;
/** In any language: whose mail, by the address, at which time, and a colon. */
const ADDRESS = /[^\s@<>()]@[^\s@<>()]/u;
const TIME = /\p{Nd}{1,2}\s?[:.hH時时시点]\s?\p{Nd}{2}/u;
/** A line of a mail's head: its name and a colon. */
const FIELD = /^[*_]{0,2}([\p{L}\p{M} .]{1,30})[*_]{0,2}\s?[:：]/u;
const WHOLE_ADDRESS = /[^\s@<>()]@[^\s@<>()]+\.\p{L}{2,}\b/u;
/** No version has one. */
const CLOCK = /\p{Nd}{1,2}\s?[:hH時时시点]\s?\p{Nd}{2}/u;
/** Where systems that take answers by mail cut them. */
const CUT_HERE =
  /^[^\p{L}]*(?:please\s)?(?:reply|write|type|respond|do not (?:write|reply|type))\s.{0,40}(?:above|below) this line/iu;
/** How many lines below `From:` the date may stand. */
const HEAD_LINES = [1, 2, 3, 4, 5, 6] as const;
/** Marks of direction, which mail programs put around names and addresses, and characters of no width. */
const UNSEEN = /\p{Cf}/gu;
const MAX_LINE = 500;

/**
 * Returns where the mail begins that a comment answers, as an index of its pieces; undefined where there is none. One that
 * the mail program quoted, as it should, is a quote already, and what follows that was written by the author.
 */
export function quotedMailIn(pieces: readonly Piece[]): number | undefined {
  const seen = pieces.map((piece) =>
    piece.kind === 'line' ? { ...piece, text: piece.text.replace(UNSEEN, '') } : piece,
  );
  const found = seen.findIndex((_, at) => beginsMail(seen, at));
  return found < 0 ? undefined : found;
}

function beginsMail(pieces: readonly Piece[], at: number): boolean {
  const first = textAt(pieces, at);
  if (first === undefined) return false;
  if (SEPARATOR.test(first) || OTHER_SEPARATOR.test(first)) return !isQuote(pieces[at + 1]);
  if (CUT_HERE.test(first)) return true;
  if (beginsHead(first, textAt(pieces, at + 1) ?? '')) return true;
  if (FROM.test(first)) return HEAD_LINES.some((next) => SENT.test(textAt(pieces, at + next) ?? ''));
  if (SENT.test(first) && CLOCK.test(first) && HEAD_LINES.some((next) => isFrom(textAt(pieces, at + next) ?? '')))
    return true;
  // The introduction may be broken into up to three lines.
  const lines = BEGINNING.test(first) || TIME.test(first) ? 3 : 1;
  for (let count = 1; count <= lines; count += 1) {
    const joined = pieces.slice(at, at + count).map((_, i) => textAt(pieces, at + i) ?? '');
    if (introduces(joined.join(' '))) return !isQuote(pieces[at + count]);
  }
  return false;
}

/** Whether a line says from whom a mail is. GMX has it below when it was sent; people write where something comes from below a date. */
function isFrom(line: string): boolean {
  return FROM.test(line) && WHOLE_ADDRESS.test(line);
}

/**
 * Whether two lines begin a mail's head in a language whose words are not known: from whom it is, and when it was sent. English ones are
 * known, and people write whom to ask, and when, in such lines too: one of the names has to have other letters.
 */
function beginsHead(first: string, second: string): boolean {
  const names = [FIELD.exec(first)?.[1], FIELD.exec(second)?.[1]];
  if (!names.every((name) => name !== undefined) || !names.some((name) => /[^\p{ASCII}]/u.test(name ?? '')))
    return false;
  return WHOLE_ADDRESS.test(first) && CLOCK.test(second) && /\p{Nd}{4}/u.test(second);
}

function introduces(text: string): boolean {
  return INTRODUCTION.test(text) || RULED.test(text) || (/[:：]$/.test(text) && ADDRESS.test(text) && TIME.test(text));
}

function isQuote(piece: Piece | undefined): boolean {
  return piece?.kind === 'quote';
}

function textAt(pieces: readonly Piece[], at: number): string | undefined {
  const piece = pieces[at];
  return piece?.kind === 'line'
    ? piece.text
        .trim()
        .replace(/^[*_]{1,3}|[*_]{1,3}$/g, '')
        .slice(0, MAX_LINE)
    : undefined;
}

import type { Fault } from './fault.js';
import type { Member } from './member.js';

/** Reads what the members have logged since it was made. */
export interface LogReader {
  /** What an outage says, in one line per message: `2 × the store is available again`. Deliveries are left out: each has its line. */
  told(): readonly string[];
  /** Against what a fault has to say of itself, and against lines that come again and again. */
  problems(fault: Pick<Fault, 'told'>): readonly string[];
}

/** A line about each of hundreds of runs is hundreds of lines of a kind. */
const RUN_ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?::\d+)*/g;
const INFO = 30;
const WARN = 40;
/** Of one message, by one member, in one fault: what a dispatcher has under way at one time, and a bit. */
const MAX_OF_A_KIND = 20;

export function readLogsFromNow(members: readonly Member[]): LogReader {
  const from = new Map(members.map((member) => [member, member.output().length]));
  const counted = () => {
    const counts = new Map<string, Map<Member, number>>();
    for (const [member, start] of from) {
      for (const { msg } of linesOf(member.output().slice(start))) {
        const by = counts.get(msg) ?? new Map<Member, number>();
        counts.set(msg, by.set(member, (by.get(member) ?? 0) + 1));
      }
    }
    return counts;
  };
  return {
    told: () => [...counted()].map(([msg, by]) => `${sum(by)} × ${msg}`),
    problems({ told = [] }) {
      const counts = counted();
      const missing = told.filter((msg) => !counts.has(msg)).map((msg) => `the logs do not say: ${msg}`);
      const tooMany = [...counts].flatMap(([msg, by]) =>
        [...by]
          .filter(([, count]) => count > (told.includes(msg) ? 1 : MAX_OF_A_KIND))
          .map(([member, count]) => `${member.name} says ${count} times: ${msg}`),
      );
      return [...missing, ...tooMany];
    },
  };
}

/** Those that an operator would look at: warnings and worse, and that something is back. */
function linesOf(text: string): { msg: string }[] {
  return text.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [];
    try {
      const { level, msg } = JSON.parse(line) as { level: number; msg?: string };
      const isOfInterest = level >= WARN || (level === INFO && /\b(is|are) (back|available)/.test(msg ?? ''));
      return msg && msg !== 'delivery' && isOfInterest ? [{ msg: msg.replace(RUN_ID, '<run>') }] : [];
    } catch {
      // The end of a process that was killed while it wrote.
      return [];
    }
  });
}

function sum(by: ReadonlyMap<unknown, number>): number {
  return [...by.values()].reduce((all, one) => all + one, 0);
}

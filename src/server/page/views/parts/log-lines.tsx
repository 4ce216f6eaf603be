import type { LogAnswer, LogGroup, LogStep, ShownLine } from '../../../api/contract.js';
import { counted } from '../../counted.js';
import { Out } from './link.js';

/** Lines of a log that are one below the other: those of a step, and in it those of a group. */
interface Part {
  readonly step: string | undefined;
  readonly attempt: number;
  readonly lines: ShownLine[];
}

/** A piece of a log, with its steps and groups, as one block that can be taken off again. */
export function LogLines({ answer }: { readonly answer: LogAnswer }) {
  const { lines, groups } = answer;
  const [first, last] = [lines[0]?.number, lines.at(-1)?.number];
  return (
    <div class="chunk" data-first={first} data-last={last}>
      {partsOf(lines, answer.steps).map((part) => (
        <StepLines key={part.lines[0]?.number} part={part} groups={groups} answer={answer} />
      ))}
    </div>
  );
}

/** Notes between two lines of a step, that its first test has failed for example, stand among them. */
function partsOf(lines: readonly ShownLine[], steps: readonly LogStep[]): Part[] {
  const parts: Part[] = [];
  for (const line of lines) {
    const step = line.stream === 'note' ? undefined : (line.step ?? '');
    const isSame = (part: Part) => part.step === step && part.attempt === line.attempt;
    const [end, before] = [parts.at(-1), parts.at(-2)];
    if (end && isSame(end)) end.lines.push(line);
    else if (end && end.step === undefined && before && isSame(before) && isOneStep(before, line, steps)) {
      parts.pop();
      before.lines.push(...end.lines, line);
    } else parts.push({ step, attempt: line.attempt, lines: [line] });
  }
  return parts;
}

/** Whether no step has begun between a part and a line: the next may have the same name, or be the same once more. */
function isOneStep(part: Part, line: ShownLine, steps: readonly LogStep[]): boolean {
  const last = part.lines.at(-1)?.number ?? 0;
  return !steps.some(({ from }) => from > last && from <= line.number);
}

function StepLines({
  part,
  groups,
  answer,
}: {
  readonly part: Part;
  readonly groups: readonly LogGroup[];
  readonly answer: LogAnswer;
}) {
  if (part.step === undefined) return <Lines lines={part.lines} answer={answer} />;
  const blocks: { readonly group?: LogGroup; readonly lines: ShownLine[] }[] = [];
  for (const line of part.lines) {
    const group = groups.find(({ from, to }) => line.number >= from && line.number <= to);
    const before = blocks.at(-1);
    if (before && before.group === group) before.lines.push(line);
    else blocks.push({ ...(group && { group }), lines: [line] });
  }
  return (
    <details class="log-step" data-step={`${part.attempt} ${part.step}`} open>
      <summary>{part.step === '' ? 'Output' : part.step}</summary>
      {blocks.map(({ group, lines }) =>
        group ? (
          <details key={group.from} class="log-group" open={group.open}>
            <summary>
              {group.title}{' '}
              <span class="dim">
                {(lines[0]?.number ?? 0) > group.from && 'continued, '}
                {counted(lines.length, 'line')}
              </span>
            </summary>
            <Lines lines={lines} answer={answer} />
          </details>
        ) : (
          <Lines key={lines[0]?.number} lines={lines} answer={answer} />
        ),
      )}
    </details>
  );
}

function Lines({ lines, answer }: { readonly lines: readonly ShownLine[]; readonly answer: LogAnswer }) {
  return (
    // Without style, a list counts its lines itself.
    <ol start={lines[0]?.number}>
      {lines.map((line) => (
        <Line key={line.number} line={line} answer={answer} />
      ))}
    </ol>
  );
}

function Line({ line, answer }: { readonly line: ShownLine; readonly answer: LogAnswer }) {
  const { number, at, stream, error, pieces, text } = line;
  const { steps, search } = answer;
  const isAt = answer.at !== undefined && number >= answer.at.from && number <= answer.at.to;
  // Codes for colours may stand within what is read.
  const asked = search?.text?.toLowerCase();
  const seen = [text, pieces?.map((piece) => piece.text).join('') ?? ''];
  const hasIt = asked !== undefined && seen.some((one) => one.toLowerCase().includes(asked));
  const classes = [stream === 'note' && 'our', error && 'wrong', isAt && 'at', hasIt && 'hit'].filter(Boolean);
  const since = at - (startOf(steps, number) ?? at);
  return (
    <li id={`L${number}`} class={classes.length > 0 ? classes.join(' ') : undefined}>
      {/* Relative to the log's own path: there is one a line. */}
      <a href={`?line=${number}#L${number}`}>{number}</a>{' '}
      <time title={utc(at)}>{`${(Math.max(0, since) / 1000).toFixed(1)}`}</time>{' '}
      <code>
        {pieces
          ? pieces.map(({ text: piece, style, href }, index) => {
              const shown = href === undefined ? piece : <Out href={href}>{piece}</Out>;
              return style === undefined ? (
                shown
              ) : (
                <span key={index} class={style}>
                  {shown}
                </span>
              );
            })
          : text}
      </code>
    </li>
  );
}

function startOf(steps: readonly LogStep[], line: number): number | undefined {
  return steps.findLast(({ from }) => from <= line)?.startedAt;
}

function utc(at: number): string {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? '' : `${time.toISOString().slice(0, 23).replace('T', ' ')} UTC`;
}

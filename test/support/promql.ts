/*
 * Evaluates the part of PromQL that deploy/prometheus-alerts.yaml uses over scrapes of a real /metrics page: selectors with
 * matchers, rate and increase (over all scrapes that are given, without the extrapolation of Prometheus to the ends of the
 * window), sum, max and min with `by`, division, and comparisons that filter. It throws for everything else.
 */

/** A page of metrics, and when it was read (Unix seconds). */
export interface Scrape {
  readonly at: number;
  readonly text: string;
}

/** A value with its labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

type Series = {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly { at: number; value: number }[];
};

/** Returns what an expression gives at the time of the last scrape. An alert fires for each sample. */
export function evaluate(expression: string, scrapes: readonly Scrape[]): Sample[] {
  const tokens = expression.match(/"[^"]*"|\d+\.\d+|[\w:]+|=~|!=|==|[<>]=?|[()[\]{},/=]/g) ?? [];
  if (tokens.join('') !== expression.replace(/\s+/g, '')) throw new Error(`can't be read: ${expression}`);
  const parser = new Parser([...tokens], scrapes);
  const result = parser.comparison();
  if (parser.left() !== undefined) throw new Error(`"${parser.left()}" was not expected in ${expression}`);
  if (typeof result === 'number') throw new Error('an alert needs a vector');
  return result;
}

class Parser {
  constructor(
    private readonly tokens: string[],
    private readonly scrapes: readonly Scrape[],
  ) {}

  left(): string | undefined {
    return this.tokens[0];
  }

  comparison(): Sample[] | number {
    const one = this.quotient();
    const operator = this.left();
    if (operator === undefined || !['>', '<', '==', '!='].includes(operator)) return one;
    this.tokens.shift();
    const other = this.quotient();
    const holds = (a: number, b: number) =>
      operator === '>' ? a > b : operator === '<' ? a < b : operator === '==' ? a === b : a !== b;
    return joined(one, other, (a, b) => (holds(a, b) ? a : undefined));
  }

  private quotient(): Sample[] | number {
    const one = this.operand();
    if (this.left() !== '/') return one;
    this.tokens.shift();
    return joined(one, this.operand(), (a, b) => a / b);
  }

  private operand(): Sample[] | number {
    const word = this.take();
    if (/^\d/.test(word)) return Number(word);
    if (['sum', 'max', 'min'].includes(word)) return this.aggregate(word);
    if (['rate', 'increase'].includes(word)) return this.change(word);
    return latest(this.selector(word));
  }

  private aggregate(by: string): Sample[] {
    const isGrouped = this.left() === 'by';
    if (isGrouped) this.take();
    const labels = isGrouped ? this.list() : [];
    this.take('(');
    const samples = this.comparison();
    this.take(')');
    if (typeof samples === 'number') throw new Error(`${by} needs a vector`);
    const groups = new Map<string, Sample[]>();
    for (const sample of samples) {
      const kept = Object.fromEntries(labels.map((label) => [label, sample.labels[label] ?? '']));
      const key = JSON.stringify(kept);
      groups.set(key, [...(groups.get(key) ?? []), sample]);
    }
    return [...groups].map(([key, group]) => {
      const values = group.map(({ value }) => value);
      const value =
        by === 'sum' ? values.reduce((a, b) => a + b, 0) : by === 'max' ? Math.max(...values) : Math.min(...values);
      return { labels: JSON.parse(key), value };
    });
  }

  private change(how: string): Sample[] {
    this.take('(');
    const series = this.selector(this.take());
    this.take('[');
    if (!/^\d+[mh]$/.test(this.take())) throw new Error('a range was expected');
    this.take(']');
    this.take(')');
    return series.flatMap(({ labels, points }) => {
      const [first, last] = [points[0], points.at(-1)];
      if (!first || !last || first === last) return [];
      const steps = points.slice(1).map(({ value }, i) => value - (points[i]?.value ?? 0));
      const increase = steps.reduce((sum, step) => sum + Math.max(step, 0), 0);
      return [{ labels, value: how === 'increase' ? increase : increase / (last.at - first.at) }];
    });
  }

  private selector(metric: string): Series[] {
    const matches: ((labels: Readonly<Record<string, string>>) => boolean)[] = [];
    if (this.left() === '{') {
      this.take();
      while (this.left() !== '}') {
        const [label, operator, text] = [this.take(), this.take(), this.take().slice(1, -1)];
        const pattern = new RegExp(`^(?:${text})$`);
        matches.push(({ [label]: value = '' }) =>
          operator === '=~' ? pattern.test(value) : operator === '!=' ? value !== text : value === text,
        );
        if (this.left() === ',') this.take();
      }
      this.take();
    }
    const series = new Map<string, { labels: Record<string, string>; points: { at: number; value: number }[] }>();
    for (const { at, text } of this.scrapes)
      for (const { labels, value } of samplesOf(metric, text)) {
        if (!matches.every((match) => match(labels))) continue;
        const key = JSON.stringify(labels);
        const known = series.get(key) ?? { labels, points: [] };
        known.points.push({ at, value });
        series.set(key, known);
      }
    return [...series.values()];
  }

  private list(): string[] {
    this.take('(');
    const names: string[] = [];
    while (this.left() !== ')') {
      names.push(this.take());
      if (this.left() === ',') this.take();
    }
    this.take();
    return names;
  }

  private take(expected?: string): string {
    const token = this.tokens.shift();
    if (token === undefined || (expected !== undefined && token !== expected))
      throw new Error(`"${expected ?? 'more'}" was expected, not "${token}"`);
    return token;
  }
}

function latest(series: readonly Series[]): Sample[] {
  return series.flatMap(({ labels, points }) => {
    const last = points.at(-1);
    return last ? [{ labels, value: last.value }] : [];
  });
}

/** Of two vectors, those with the same labels meet. */
function joined(
  one: Sample[] | number,
  other: Sample[] | number,
  operate: (a: number, b: number) => number | undefined,
): Sample[] | number {
  if (typeof one === 'number') throw new Error('a number on the left is not expected');
  return one.flatMap(({ labels, value }) => {
    const meets =
      typeof other === 'number'
        ? other
        : other.find((each) => JSON.stringify(each.labels) === JSON.stringify(labels))?.value;
    const result = meets === undefined ? undefined : operate(value, meets);
    return result === undefined ? [] : [{ labels, value: result }];
  });
}

/** Returns the samples of a metric on a page. */
export function samplesOf(metric: string, text: string): Sample[] {
  const lines = text.split('\n').filter((line) => line.startsWith(metric) && /^[{ ]/.test(line.slice(metric.length)));
  return lines.map((line) => {
    const labels = [...line.matchAll(/[{,](\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]);
    const value = line.slice(line.lastIndexOf(' ') + 1);
    return {
      labels: Object.fromEntries(labels),
      value: value === 'NaN' || value === 'Nan' ? Number.NaN : Number(value),
    };
  });
}

import { type ComponentChildren, toChildArray } from 'preact';
import { useAround } from '../../context.js';
import { withQuery } from '../../paths.js';
import { Link } from './link.js';
import { PAGED_BY } from './pager.js';
import { Apart } from './spaced.js';

/** A form whose fields are a list's query: the address says what is shown. What it says beside them counts on, and is told. */
export function Filters({ children }: { readonly children: ComponentChildren }) {
  const { base, path, query } = useAround();
  const fields = toChildArray(children).map((field) =>
    typeof field === 'object' ? Object(field.props).name : undefined,
  );
  const asked = Object.entries(query).filter(([name]) => !PAGED_BY.some((page) => page === name));
  const others = asked.filter(([name]) => !fields.includes(name));
  return (
    <search>
      <form class="filters" method="get" action={`${base}${path}`}>
        {others.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <Apart>{children}</Apart> <button type="submit">Show</button>{' '}
        {Object.keys(query).length > 0 && <Link to={path}>Show all</Link>}
      </form>
      {others.length > 0 && (
        <p class="note">
          Also asked for by the address:
          {others.map(([name, value]) => (
            <span key={name}>
              {' '}
              <code>{`${name}=${value}`}</code>{' '}
              <Link to={withQuery(path, { ...Object.fromEntries(asked), [name]: undefined })}>without {name}</Link>
            </span>
          ))}
        </p>
      )}
    </search>
  );
}

/** A field of {@link Filters}. With `options`, one of them is chosen; `hint` shows what is written there. `/` puts the focus on the field that has `keys`. */
export function Filter(props: {
  readonly name: string;
  readonly title: string;
  readonly options?: readonly string[];
  readonly keys?: string;
  readonly hint?: string;
}) {
  const { query } = useAround();
  const { name, title, options, keys, hint } = props;
  const chosen = query[name] ?? '';
  return (
    <label for={`by-${name}`}>
      <span>{title}</span>
      {options ? (
        <select id={`by-${name}`} name={name} autocomplete="off">
          <option value="">any</option>
          {/* What the address asks for beside them is asked for again. */}
          {[...new Set([...options, ...(chosen === '' ? [] : [chosen])])].map((option) => (
            <option key={option} value={option} selected={option === chosen}>
              {option}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={`by-${name}`}
          type="search"
          name={name}
          value={chosen}
          placeholder={hint}
          aria-keyshortcuts={keys}
          autocomplete="off"
        />
      )}
    </label>
  );
}

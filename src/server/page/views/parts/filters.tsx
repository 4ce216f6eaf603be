import type { ComponentChildren } from 'preact';
import { useAround } from '../../context.js';
import { Link } from './link.js';

/** A form whose fields are a list's query: the address says what is shown. */
export function Filters({ children }: { readonly children: ComponentChildren }) {
  const { base, path, query } = useAround();
  return (
    <search>
      <form class="filters" method="get" action={`${base}${path}`}>
        {children}
        <button type="submit">Show</button>
        {Object.keys(query).length > 0 && <Link to={path}>Show all</Link>}
      </form>
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
        <select id={`by-${name}`} name={name}>
          <option value="">any</option>
          {options.map((option) => (
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

import { useAround } from '../../context.js';
import { withQuery } from '../../paths.js';
import { Link } from './link.js';
import { Apart } from './spaced.js';

/** Parameters that say where a page of a list begins: another search begins at its first. */
export const PAGED_BY = ['after', 'before', 'behind', 'page'] as const;

/** What is said on a page that is empty, after others that were not. */
export const NO_MORE = 'These were all: there are no more.';

/** Links to the first and the next page of a list. `name`: the parameter that says where a page begins. */
export function Pager({
  name,
  next,
}: {
  readonly name: (typeof PAGED_BY)[number];
  readonly next: string | number | undefined;
}) {
  const { path, query } = useAround();
  const isFirst = query[name] === undefined;
  if (isFirst && next === undefined) return null;
  return (
    <nav class="pager" aria-label="Pages">
      <Apart>
        {!isFirst && (
          <Link to={withQuery(path, { ...query, [name]: undefined })} rel="first">
            ← First page
          </Link>
        )}
        {next !== undefined && (
          <Link to={withQuery(path, { ...query, [name]: next })} rel="next" keys="n">
            Next page →
          </Link>
        )}
      </Apart>
    </nav>
  );
}

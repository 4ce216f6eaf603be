/** Returns what was typed or pasted into the fields of a search, without the blanks around it. Nothing else than blanks is nothing. */
export function typedQuery(query: Readonly<Record<string, string>>): Record<string, string> {
  const trimmed = Object.entries(query).map(([name, value]) => [name, value.trim()] as const);
  return Object.fromEntries(trimmed.filter(([, value]) => value !== ''));
}

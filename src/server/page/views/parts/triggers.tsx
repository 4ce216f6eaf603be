/** What starts an automation, a line each. */
export function Triggers({ triggers }: { readonly triggers: readonly string[] }) {
  return (
    <ul class="plain">
      {triggers.map((words) => (
        <li key={words}>{words}</li>
      ))}
    </ul>
  );
}

/** Bars of how many there were of something, the oldest first, drawn without a scale: the words beside say the numbers. */
export function Bars({ counts, label }: { readonly counts: readonly number[]; readonly label: string }) {
  const most = Math.max(1, ...counts);
  return (
    <svg class="bars" viewBox={`0 0 ${counts.length * 4} 40`} role="img" aria-label={label} preserveAspectRatio="none">
      <title>{label}</title>
      {counts.map((count, index) => {
        const height = count === 0 ? 1 : Math.max(3, Math.round((count / most) * 40));
        // They have no name but their place.
        return (
          <rect key={index} class={count === 0 ? 'none' : ''} x={index * 4} y={40 - height} width="3" height={height} />
        );
      })}
    </svg>
  );
}

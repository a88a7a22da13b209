/** The few pictures of the page, drawn here so that nothing is fetched; all of them stand beside words. */

const drawings = {
  loa: 'M3 9v6h4l7 5V4L7 9zM17 9a4 4 0 0 1 0 6M19.5 6.5a8 8 0 0 1 0 11',
  speaker: 'M3 9v6h4l7 5V4L7 9zM17 9a4 4 0 0 1 0 6',
  board: 'M3 4h18v12H3zM12 16v4M8 20h8',
  both: 'M3 4h18v12H3zM12 16v4M8 20h8',
  box: 'M4 7l8-4 8 4v10l-8 4-8-4zM4 7l8 4 8-4M12 11v10',
  alert: 'M12 3l10 18H2zM12 10v5M12 18v.5',
} as const;

export function Mark({ name }: { name: keyof typeof drawings }) {
  return (
    <svg class={`mark ${name}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={drawings[name]} />
    </svg>
  );
}

/** Bars that move while something sounds; still where the person wants no movement. */
export function Bars() {
  return (
    <span class="bars" aria-hidden="true">
      <i />
      <i />
      <i />
      <i />
    </span>
  );
}

/** An error as one short line for status and conditions: what a carrier says is bounded before it is kept. */

export function inWords(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replaceAll(/\s+/g, ' ').slice(0, 200);
}

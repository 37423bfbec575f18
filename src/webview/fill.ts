/** Puts values into the `{0}`, `{1}` of a template. A value is never read as a template itself. */
export function fill(template: string, ...values: readonly string[]): string {
  return template.replace(/\{(\d+)\}/g, (hole, index: string) => values[Number(index)] ?? hole);
}

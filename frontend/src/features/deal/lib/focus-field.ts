/** Puts the focus into the input of a field; without a name, into the first one of the form. */
export function focusField(name?: string): void {
  const field = name === undefined ? '[data-field]' : `[data-field="${CSS.escape(name)}"]`;
  document.querySelector<HTMLElement>(`${field} :is(input, textarea)`)?.focus();
}

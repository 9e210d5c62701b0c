/** Whether something lies over the page that has the keys of the keyboard for itself. */
export function isSomethingOverThePage(): boolean {
  return document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]') !== null;
}

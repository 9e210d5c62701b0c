/** Says on the document that first content is on the screen: after the frame it was laid out in was painted. */
export function markReady(): void {
  requestAnimationFrame(() => requestAnimationFrame(() => document.documentElement.setAttribute("data-ready", "")));
}

/** Whether an element is there for those who look at the page. */

/** Each under the name that it had at first and the one that it has now. */
const ALL = { checkOpacity: true, opacityProperty: true, checkVisibilityCSS: true, visibilityProperty: true };

/** Whether it takes room, and neither it nor what it is in is hidden. */
export function isLaidOut(element: Element): boolean {
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0 && element.checkVisibility(ALL);
}

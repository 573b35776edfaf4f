/** How the page looks at a place, for a frame that is to look the same. */
import { shared, tokens } from "../style/shared.js";
import type { Theme } from "./messages.js";

const NAMES = [...new Set(tokens.cssText.match(/--[a-z-]+(?=:)/g))];

/** The style of buttons, fields and headings, for a document. */
export const sharedStyle = shared.cssText.replaceAll(":host", ":root");

/** How text looks in an element, and all custom properties as they are there. */
export function themeAt(element: Element): Theme {
  const style = getComputedStyle(element);
  return {
    properties: Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(name)])),
    colorScheme: style.colorScheme,
    rootFontSize: getComputedStyle(document.documentElement).fontSize,
    fontSize: style.fontSize,
    lineHeight: style.lineHeight,
  };
}

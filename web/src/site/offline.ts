/** Keeping a built site in the browser, so that it opens without a network. */
import { announced } from "./announced.js";

/**
 * Have the service worker of the site installed, if it has one. To be called when the page has all it needs: what the
 * worker then keeps comes from the browser's own cache, and is not fetched twice.
 */
export function keepForOffline(): void {
  const script = announced()?.offline;
  // A page without a secure address has no service workers; it works all the same.
  if (script) navigator.serviceWorker?.register(script).catch(() => undefined);
}

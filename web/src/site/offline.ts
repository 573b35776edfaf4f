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

/** Remove what the service worker of this page has kept, and the worker itself; nothing where there is none. */
export async function forgetOffline(): Promise<void> {
  const worker = await navigator.serviceWorker?.getRegistration();
  if (!worker) return;
  const own = (await caches.keys()).filter((name) => name.startsWith(`sidestage ${worker.scope} `));
  await Promise.all([worker.unregister(), ...own.map((name) => caches.delete(name))]);
}

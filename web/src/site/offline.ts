/** Keeping a built site in the browser, so that it opens without a network. */
import { announced } from "./announced.js";

/** The service worker that is being registered, if one is. */
let registering: Promise<unknown> = Promise.resolve();
/** Whether the participant has cleared what this browser keeps: this page then keeps nothing more. */
let isForgotten = false;

/**
 * Have the service worker of the site installed, if it has one. To be called when the page has all it needs: what the
 * worker then keeps comes from the browser's own cache, and is not fetched twice.
 */
export function keepForOffline(): void {
  const script = announced()?.offline;
  // A page without a secure address has no service workers; it works all the same.
  if (!script || isForgotten) return;
  registering = Promise.resolve(navigator.serviceWorker?.register(script)).catch(() => undefined);
}

/** Remove what the service worker of this page has kept, and the worker itself; nothing where there is none. */
export async function forgetOffline(): Promise<void> {
  isForgotten = true;
  await registering;
  const worker = await navigator.serviceWorker?.getRegistration();
  if (!worker) return;
  await worker.unregister();
  await settled(worker.installing);
  const own = (await caches.keys()).filter((name) => name.startsWith(`sidestage ${worker.scope} `));
  await Promise.all(own.map((name) => caches.delete(name)));
}

/** Wait until a worker that is being installed has filled its cache, or will not. */
function settled(worker: ServiceWorker | null): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (worker?.state !== "installing") resolve();
    };
    worker?.addEventListener("statechange", look);
    look();
  });
}

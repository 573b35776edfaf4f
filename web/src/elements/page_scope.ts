/**
 * What the prompts of one page share: things of which there is one on a page, made when the first prompt asks for it. So
 * prompts that belong together find each other, and the page need not know of it.
 */
import { ContextConsumer, createContext } from "@lit/context";
import type { ReactiveController, ReactiveControllerHost } from "lit";

export class PageScope {
  readonly #things = new Map<new () => unknown, unknown>();

  /** The one thing of a kind. */
  of<Thing>(kind: new () => Thing): Thing {
    if (!this.#things.has(kind)) this.#things.set(kind, new kind());
    return this.#things.get(kind) as Thing;
  }
}

/** Given by each page of prompts. */
export const pageScopeContext = createContext<PageScope>("sidestage-page-scope");

/** An element's share in the one thing of a kind: the element is drawn anew whenever that fires ``change``. */
export class SharedOnPage<Thing extends EventTarget> implements ReactiveController {
  readonly #scope: ContextConsumer<typeof pageScopeContext, ReactiveControllerHost & HTMLElement>;

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly kind: new () => Thing,
  ) {
    this.#scope = new ContextConsumer(host, { context: pageScopeContext });
    host.addController(this);
  }

  /** The thing itself, as long as the element is on a page. */
  get thing(): Thing {
    return (this.#scope.value as PageScope).of(this.kind);
  }

  hostConnected(): void {
    this.thing.addEventListener("change", this.#changed);
  }

  hostDisconnected(): void {
    this.thing.removeEventListener("change", this.#changed);
  }

  #changed = () => this.host.requestUpdate();
}

/** The study's own modules, which draw its own prompts. */
import { createContext } from "@lit/context";

/** One of them. */
export interface OwnModule {
  /** The name of the element that it defines. */
  element: string;
  /** Its text, fetched once. Rejects if it cannot be had now. */
  text(): Promise<string>;
}

/** All of them, by the names of their prompts. */
export type OwnModules = ReadonlyMap<string, OwnModule>;

/** Given by the app. */
export const ownModulesContext = createContext<OwnModules>("sidestage-own-modules");

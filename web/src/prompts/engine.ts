/** What a prompt may ask of Python while it waits for its answer. */
import { createContext } from "@lit/context";
import type { PythonWorker } from "../engine/index.js";

/** All that the engine offers, but for its life and the flow's. It stays the same object when its worker dies. */
export type PromptEngine = Omit<PythonWorker, "init" | "startFlow" | "answer" | "destroy">;

/** Given by the app; a prompt that needs it asks for it with ``@consume``. */
export const engineContext = createContext<PromptEngine>("sidestage-engine");

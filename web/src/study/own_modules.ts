/** The modules of a study's own prompts, as its configuration names them. */
import type { OwnModules } from "../own_prompt/modules.js";
import { fetchModule, type ModuleSettings } from "./loading.js";

/** Have them fetched: at once, and again when they are needed if that failed. */
export function ownModules(base: string, settings: Record<string, ModuleSettings> = {}): OwnModules {
  return new Map(Object.entries(settings).map(([name, each]) => [name, fetched(base, each)]));
}

function fetched(base: string, settings: ModuleSettings) {
  let begun: Promise<string> | null = null;
  const text = () => {
    begun ??= fetchModule(base, settings);
    begun.catch(() => {
      begun = null;
    });
    return begun;
  };
  void text().catch(() => undefined);
  return { element: settings.element, text };
}

import { resolve } from "node:path";
import { build, defineConfig, type Rolldown } from "vite";

const target = "es2022";
/** Built by themselves, with all that they need in them. */
const ALONE = {
  // The engine, for pages that are not the server's own.
  "sidestage.js": { input: "src/engine/index.ts", format: "es" },
  // The sealed frame's. No module names it: the server puts it into the frame's document.
  "assets/inside-[hash].js": { input: "src/seal/inside.ts", format: "iife" },
} as const;
// A worker's script is a classic one: the sealed frame can start no other, and it runs Pyodide's scripts in itself.
const worker = {
  format: "iife",
  rollupOptions: {
    output: { entryFileNames: "assets/[name]-[hash].js", chunkFileNames: "assets/[name]-[hash].js" },
  },
} as const;

const standAlone = {
  name: "stand-alone",
  async generateBundle(this: Rolldown.PluginContext, _options: unknown, bundle: Rolldown.OutputBundle) {
    for (const [entryFileNames, { input, format }] of Object.entries(ALONE)) {
      const rollupOptions = {
        input: resolve(import.meta.dirname, input),
        output: { format, entryFileNames },
        preserveEntrySignatures: "exports-only" as const,
      };
      const options = { target, write: false, rollupOptions };
      const built = await build({ base: "./", configFile: false, logLevel: "warn", build: options, worker });
      for (const file of (built as Rolldown.RolldownOutput).output) {
        const source = file.type === "chunk" ? file.code : file.source;
        if (!(file.fileName in bundle)) this.emitFile({ type: "asset", fileName: file.fileName, source });
      }
    }
  },
};

/** The page of a flow at an address that stays, for pages that are not the server's own. */
const stablePage = {
  name: "stable-page",
  generateBundle(this: Rolldown.PluginContext, _options: unknown, bundle: Rolldown.OutputBundle) {
    const page = Object.values(bundle).find(
      (chunk) => chunk.type === "chunk" && chunk.isEntry && chunk.name === "page",
    );
    this.emitFile({ type: "asset", fileName: "app.js", source: `export * from "./${page?.fileName}";\n` });
  },
};

// The two scripts of a study's page, which the server names in its HTML, get a content hash in their names, so that a
// browser may keep them for ever. The second imports what it shares with the first, which begins what takes longest. Two
// further scripts, of built sites, share nothing with them.
const HASHED_ENTRIES = ["start", "page"];

export default defineConfig({
  base: "./",
  plugins: [standAlone, stablePage],
  build: {
    target,
    outDir: resolve(import.meta.dirname, "../src/sidestage/static/web"),
    emptyOutDir: true,
    sourcemap: false,
    // What a part imports is on the page already.
    modulePreload: false,
    lib: false as never,
    rollupOptions: {
      input: {
        start: resolve(import.meta.dirname, "src/start.ts"),
        page: resolve(import.meta.dirname, "src/app.ts"),
        service_worker: resolve(import.meta.dirname, "src/site/service_worker.ts"),
        single: resolve(import.meta.dirname, "src/site/single.ts"),
      },
      preserveEntrySignatures: "allow-extension",
      output: {
        format: "es",
        entryFileNames: ({ name }: { name: string }) =>
          HASHED_ENTRIES.includes(name) ? "assets/[name]-[hash].js" : "[name].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
        // What the page shares with parts that are fetched later, in one file.
        codeSplitting: {
          groups: [
            {
              name: "elements",
              test: /src\/(elements|own_prompt\/modules|short_tasks|style|table|words)|node_modules\/@?lit/,
              minShareCount: 2,
            },
          ],
        },
      },
    },
  },
  worker,
  test: { include: ["src/**/*.test.ts", "tests/**/*.test.ts"], environment: "node" },
} as never);

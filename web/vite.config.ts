import { resolve } from "node:path";
import { defineConfig } from "vite";

// Entries with stable names: the engine, which any page may import, the page of a flow, and two scripts of built sites,
// which share nothing with them. What the first two share, and the worker, gets a content hash in its name, so that a
// browser may keep it for ever.
export default defineConfig({
  base: "./",
  build: {
    target: "es2022",
    outDir: resolve(import.meta.dirname, "../src/sidestage/static/web"),
    emptyOutDir: true,
    sourcemap: false,
    // What a part imports is on the page already.
    modulePreload: false,
    lib: false as never,
    rollupOptions: {
      input: {
        sidestage: resolve(import.meta.dirname, "src/engine/index.ts"),
        app: resolve(import.meta.dirname, "src/app.ts"),
        service_worker: resolve(import.meta.dirname, "src/site/service_worker.ts"),
        single: resolve(import.meta.dirname, "src/site/single.ts"),
      },
      preserveEntrySignatures: "exports-only",
      output: {
        format: "es",
        entryFileNames: "[name].js",
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
  worker: {
    // A classic script: the sealed frame can start no other, and the worker runs Pyodide's scripts in itself.
    format: "iife",
    rollupOptions: {
      output: { entryFileNames: "assets/[name]-[hash].js", chunkFileNames: "assets/[name]-[hash].js" },
    },
  },
  test: { include: ["src/**/*.test.ts", "tests/**/*.test.ts"], environment: "node" },
} as never);

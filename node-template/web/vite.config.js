import { defineConfig } from "vite";

export default defineConfig({
  // Relative addresses: the page may lie anywhere on a server.
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: { target: "es2023", chunkSizeWarningLimit: 1500 },
  preview: { host: "127.0.0.1", port: 4173, strictPort: false },
});

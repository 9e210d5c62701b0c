import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/**
 * Writes what is not ASCII as escapes: WebKit keeps a script with one such letter in twice the memory. After minifying, only texts
 * and patterns hold any.
 */
const asciiScripts: Plugin = {
  name: "ascii-scripts",
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type === "chunk") file.code = file.code.replace(/[^\0-\x7f]/g, escaped);
    }
  },
};

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

export default defineConfig({
  plugins: [react(), asciiScripts],
  // Relative addresses: the window serves the files from its own scheme.
  base: "./",
  clearScreen: false,
  server: { port: 5173, strictPort: true, host: "localhost" },
  build: {
    // WebKitGTK 2.42 (Debian 12), WKWebView of macOS 13, WebView2.
    target: ["es2022", "safari16.4", "chrome120"],
    // The policy allows fonts and images as data, nothing else.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // All that the first page needs in one file: each file is asked of the native side, one after the other.
        codeSplitting: { groups: [{ name: "first", test: /\/src\/app\/main\.tsx$/ }] },
      },
    },
  },
  test: {
    environment: "jsdom",
    globals: false,
    setupFiles: ["./test/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}", "test/**/*.test.ts"],
    // The tokens are read by a test; all other styles are left out.
    css: { include: /base\.css/, modules: { classNameStrategy: "non-scoped" } },
    testTimeout: 60_000,
  },
});

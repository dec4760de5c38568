import preact from "@preact/preset-vite";
import { defineConfig } from "vite";

// The page is built once, when the package is: whoever runs the playground needs no bundler.
export default defineConfig({
  root: "ui",
  plugins: [preact()],
  build: {
    outDir: "../dist/ui",
    emptyOutDir: true,
    // The page's policy allows no data: addresses, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
  },
  logLevel: "warn",
});

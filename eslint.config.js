// The rules for the components' scripts. Several files are put together to one script (vaedemo/app/components/common/
// files.py), so what one file declares at its top is known to the others.
import { readFileSync, readdirSync } from "node:fs";
import js from "@eslint/js";
import globals from "globals";

// explorer/__init__.py writes the first from the likelihoods' classes, export/html.py the second from all components.
const FROM_PYTHON = ["means", "components"];
const TOP = /^(?:async )?(?:function|const|let) (\w+)/gm;
const namesIn = (file) => [...readFileSync(file, "utf-8").matchAll(TOP)].map((found) => found[1]);

const FOLDERS = ["vaedemo/app/components/", "vaedemo/app/export/"];
const files = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".js"))
    .map((name) => folder + name),
);
const names = Object.fromEntries(files.map((file) => [file, namesIn(file)]));

const perFile = files.map((file) => ({
  files: [file],
  languageOptions: {
    globals: Object.fromEntries(
      [...files.filter((other) => other !== file).flatMap((other) => names[other]), ...FROM_PYTHON]
        .filter((name) => !names[file].includes(name))
        .map((name) => [name, "readonly"]),
    ),
  },
  // What stands at the top may be meant for another file; tests/test_javascript.py looks for what nobody uses.
  rules: { "no-unused-vars": ["error", { varsIgnorePattern: `^(?:${names[file].join("|")})$` }] },
}));

export default [
  { ignores: ["**/node_modules/", ".venv/", "build/"] },
  js.configs.recommended,
  {
    files: ["vaedemo/**/*.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: globals.browser },
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-shadow": "error",
      "no-extend-native": "error",
      "no-implicit-globals": "error",
      "no-eval": "error",
      "no-new-func": "error",
    },
  },
  ...perFile,
  {
    files: ["tests/javascript/**/*.js", "eslint.config.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: globals.node },
  },
];

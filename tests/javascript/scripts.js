// Load the components' scripts as the app puts them together, and hand out what they declare at their top.
import { readFileSync } from "node:fs";

const FOLDER = new URL("../../vaedemo/app/components/", import.meta.url);

// `load(["common/axes.js"], ["niceStep"])`: these names out of these files, read one after the other.
export function load(files, names) {
  const text = files.map((file) => readFileSync(new URL(file, FOLDER), "utf-8")).join("\n");
  const script = text.replace(/^export default function/gm, "const component = function").replaceAll("import.meta.url", "''");
  return new Function(`${script}\nreturn { ${names.join(", ")} };`)();
}

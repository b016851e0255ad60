// A script to read and to copy.

const SAID_FOR = 2000; // milliseconds that the button says what it did

export default function (component) {
  const { data: [data], parentElement } = component;
  const root = parentElement.querySelector(".listing");
  if (!root || !data) return undefined;
  const [pre, code, button] = ["pre", "code", "button"].map((name) => root.querySelector(name));
  if (code.textContent !== data.text) code.textContent = data.text;
  pre.setAttribute("aria-label", data.label);
  button.onclick = async () => {
    button.textContent = (await copy(data.text, code)) ? "Copied" : "Press Ctrl+C";
    clearTimeout(root.timer);
    root.timer = setTimeout(() => (button.textContent = "Copy"), SAID_FOR);
  };
  return () => clearTimeout(root.timer);
}

// The clipboard is there on secure pages alone, and may be refused: then the text is marked, to be copied by hand.
async function copy(text, code) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection().selectAllChildren(code);
    return false;
  }
}

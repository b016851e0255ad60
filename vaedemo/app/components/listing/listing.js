// A script to read and to copy.

const SAID_FOR = 2000; // milliseconds that the button says what it did

export default function (component) {
  const { data: [data], parentElement } = component;
  const root = parentElement.querySelector(".listing");
  if (!root || !data) return;
  const [pre, code, button] = ["pre", "code", "button"].map((name) => root.querySelector(name));
  if (code.textContent !== data.text) code.textContent = data.text;
  pre.setAttribute("aria-label", data.label);
  button.onclick = async () => {
    const done = await copied(data.text);
    if (!done) getSelection().selectAllChildren(code); // to be copied by hand
    button.textContent = done ? "Copied" : "Press Ctrl+C";
    clearTimeout(root.timer);
    root.timer = setTimeout(() => (button.textContent = "Copy"), SAID_FOR);
  };
}

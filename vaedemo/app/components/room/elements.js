// Small pieces of a page.

function make(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== "") made.textContent = text;
  return made;
}

function button(text, onPress, className = "") {
  const made = make("button", className, text);
  made.type = "button";
  made.onclick = onPress;
  return made;
}

// Replace what an element holds, but only where it would differ: a press that comes meanwhile keeps its button.
function fill(root, key, build) {
  if (root.dataset.built === key) return;
  root.dataset.built = key;
  root.replaceChildren(...build());
}

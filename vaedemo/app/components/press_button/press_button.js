// A button of which every press counts: it tells the server the total of its presses, and the last one told counts.

const counts = new Map(); // all presses by the session's word: a button that is drawn anew goes on counting

export default function (component) {
  const { data: [data], parentElement, setStateValue } = component;
  const button = parentElement.querySelector("button");
  if (!button || !data) return;
  const { label, icon, kind, help, session, presses } = data;
  const [sign, words] = button.children;
  sign.textContent = icon;
  sign.hidden = !icon;
  words.textContent = label;
  button.className = kind;
  button.title = help;
  // The server may not have heard of the latest presses yet.
  counts.set(session, Math.max(presses, counts.get(session) ?? 0));
  button.onclick = () => {
    counts.set(session, counts.get(session) + 1);
    setStateValue("presses", [session, counts.get(session)]);
  };
}

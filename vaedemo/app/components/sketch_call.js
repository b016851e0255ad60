// One sketch of a page. What it is drawn with comes once for all of them, and perhaps a moment later.

export default function (component) {
  const shared = (globalThis.vaedemoSketch ??= { waiting: new Map() });
  if (shared.draw) return shared.draw(component);
  const { parentElement } = component;
  let end;
  shared.waiting.set(parentElement, () => (end = shared.draw(component)));
  return () => {
    shared.waiting.delete(parentElement);
    end?.();
  };
}

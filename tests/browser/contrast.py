"""What a page's text and its controls' edges contrast with: measured in the browser, shadow roots included."""

from playwright.sync_api import Page

MEASURE = r"""() => {
  const ink = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const parsed = (colour) => {
    ink.clearRect(0, 0, 1, 1);
    ink.fillStyle = colour;
    ink.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = ink.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const light = (colour) => {
    const [red, green, blue] = colour.slice(0, 3).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const parent = (node) => node.assignedSlot || node.parentElement || node.getRootNode().host;
  const line = (node) => { const all = []; for (let at = node; at; at = parent(at)) all.push(at); return all; };
  const behind = (node) => line(node).reverse().reduce(
    (under, each) => over(parsed(getComputedStyle(each).backgroundColor), under), [255, 255, 255, 1]);
  const found = [];
  const note = (kind, node, colour, backdrop, words) => {
    const ink = parsed(colour);
    ink[3] *= line(node).reduce((product, each) => product * Number(getComputedStyle(each).opacity), 1);
    const style = getComputedStyle(node);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = contrast(over(ink, backdrop), backdrop);
    found.push({ kind, ratio, large, words: words.slice(0, 60) });
  };
  const visit = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) visit(node.shadowRoot);
      const box = node.getBoundingClientRect();
      if (box.width < 2 || box.height < 2 || getComputedStyle(node).visibility === "hidden") continue;
      // A slider's words stand above its thumb or appear on hover; a disabled control may be faint.
      if (node.closest("[data-testid='stSliderThumbValue'], [data-testid='stSliderTickBar'], :disabled")) continue;
      const own = [...node.childNodes].filter((each) => each.nodeType === 3);
      const words = own.map((each) => each.data.trim()).join(" ");
      const style = getComputedStyle(node);
      if (words.trim()) note("text", node, style.color, behind(node), words);
      const fields = "[data-testid='stNumberInputContainer'], [data-testid='stTextInputRootElement']";
      const edged = node.matches(`button, ${fields}`);
      if (edged && parseFloat(style.borderTopWidth) && parsed(style.borderTopColor)[3]) {
        note("edge", node, style.borderTopColor, behind(parent(node)), node.textContent.trim());
      }
    }
  };
  visit(document);
  return found;
}"""


def faint(page: Page) -> list[str]:
    """Each text below a contrast of 4.5 (3 where it is large) and each control's edge below 3, in words."""
    return [
        f"{each['kind']} {each['words']!r}: {each['ratio']:.2f}"
        for each in page.evaluate(MEASURE)
        if each["ratio"] < (3 if each["kind"] == "edge" or each["large"] else 4.5)
    ]

"""What a page with steps looks like to a browser: the boxes of its parts, its smallest text, what is cut off."""

from playwright.sync_api import Page

SMALLEST = 20  # CSS pixels of any text on the stage in a window of 1280 × 720
QUESTION = 28
PARTS = {
    "title": "[data-testid=stMain] h1",
    "stepper": ".st-key-guide",
    "words and picture": ".st-key-told [data-testid=stHorizontalBlock]",
}
# Formulas of the words that reach into the picture beside them: [their right end, its left end].
OVER_THE_PICTURE = """() => {
    const [words, picture] = document.querySelectorAll(".st-key-told [data-testid=stColumn]");
    const left = picture.getBoundingClientRect().left;
    const ends = [...words.querySelectorAll(".katex-html .base")].map((each) => each.getBoundingClientRect().right);
    return ends.filter((end) => end > left).map((end) => [end, left]);
}"""
# Text nodes on the screen, also inside components: [size in CSS pixels, the text].
TEXTS = """(within) => {
    const found = [];
    const visit = (root) => {
        for (const element of root.querySelectorAll("*")) {
            if (element.shadowRoot) visit(element.shadowRoot);
            const nodes = [...element.childNodes].filter(({ nodeType }) => nodeType === 3);
            const text = nodes.map((node) => node.textContent.trim()).join("");
            const box = element.getBoundingClientRect();
            const formula = element.closest(".katex");
            const style = getComputedStyle(formula ?? element);
            const hidden = style.visibility === "hidden" || style.opacity === "0"
                || element.closest("style, [aria-hidden=true], .katex-mathml");
            if (text && !hidden && box.width > 1 && box.height > 1) found.push([parseFloat(style.fontSize), text]);
        }
    };
    visit(document.querySelector(within));
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    for (const canvas of document.querySelectorAll(`${within} canvas`)) {
        const share = parseFloat(getComputedStyle(canvas).getPropertyValue("--canvas-rem")) || 0.8125;
        found.push([share * rem, "canvas"]);
    }
    return found;
}"""


def small_texts(page: Page, least: float, within: str = "[data-testid=stMain]") -> list[str]:
    """The texts below `least` CSS pixels, with their sizes. Of a formula its own size counts, not that of an index."""
    found = page.evaluate(TEXTS, within)
    return [f"{size:.1f}: {text}" for size, text in found if size < least - 0.05]


def boxes_outside(page: Page) -> list[str]:
    """The parts that are not wholly in the window, whether the page scrolls, and formulas over the picture.

    A component's script, which sets its height, may come after the page is idle: what is found is looked at again, for
    up to three seconds.
    """
    found = outside_now(page)
    for _ in range(10):
        if not found:
            break
        page.wait_for_timeout(300)
        found = outside_now(page)
    return found


def outside_now(page: Page) -> list[str]:
    """What `boxes_outside` finds in one look."""
    window = page.viewport_size
    found = []
    for name, selector in PARTS.items():
        for part in page.locator(selector).all():
            box = part.bounding_box()
            inside = box and box["x"] >= 0 and box["y"] >= 0
            inside = (
                inside and box["x"] + box["width"] <= window["width"] and box["y"] + box["height"] <= window["height"]
            )
            if not inside:
                found.append(f"{name}: {box}")
    if (
        page.evaluate("(main => main.scrollHeight - main.clientHeight)(document.querySelector('[data-testid=stMain]'))")
        > 1
    ):
        found.append("the page scrolls")
    found += [f"a formula over the picture: {end:.0f} > {left:.0f}" for end, left in page.evaluate(OVER_THE_PICTURE)]
    return found

"""axe-core finds nothing on any page: its first step and its Explore, in both themes, on a wide screen and a phone."""

import pytest

from tests.app.drawn import SEVEN
from tests.app.pages import PAGES
from tests.browser.serving import REPOSITORY
from tools.lint_javascript import is_installed
from vaedemo.app.lessons import index

AXE = REPOSITORY / "node_modules" / "axe-core" / "axe.min.js"
OPEN_ALL = "document.querySelectorAll('.stMain details:not([open]) summary').forEach((each) => each.click())"
# Not ours to mend, by axe's rule and a part of the element: Streamlit's link to the content; and a formula wider than a
# phone, whose paragraph Streamlit writes. It scrolls, and Chromium and Firefox let the keyboard reach it.
NOT_OURS = {
    ("region", "stSkipToContent"),
    ("scrollable-region-focusable", "<p>"),
}
WIDTHS, SCHEMES = {"wide": (1440, 900), "phone": (390, 844)}, ("light", "dark")


def matrix() -> list:
    """Views of each lesson such that each pair of a lesson, or of a kind of view, a theme and a width is there."""
    views = []
    for place, page in enumerate(PAGES):
        for second, kind in enumerate(("first", "explore")):
            scheme, width = SCHEMES[(place + second) % 2], [*WIDTHS][(place // 2 + second) % 2]
            views.append(pytest.param(page, kind, scheme, width, id=f"{page}-{kind}-{scheme}-{width}"))
    return views


@pytest.fixture(scope="module")
def axe() -> str:
    if not is_installed():
        pytest.skip("npm could not install axe-core: run npm ci")
    return AXE.read_text(encoding="utf-8")


@pytest.mark.parametrize(("page_name", "kind", "scheme", "width"), matrix())
def test_axe_finds_nothing(axe, visit, wait_until_idle, page_name, kind, scheme, width):
    path = "/" if page_name == index.HOME.name else f"/{page_name}"
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    page = visit(path + ("?step=explore" if kind == "explore" else ""), colour_scheme=scheme, **size)
    page.evaluate(OPEN_ALL)
    wait_until_idle(page)
    found = violations(page, axe)
    for _ in range(10):  # a component's script, which writes its labels, may come after the page is idle
        if found:
            page.wait_for_timeout(300)
            found = violations(page, axe)
    assert found == []


def test_axe_finds_nothing_in_the_field_to_draw_in(axe, visit, wait_until_idle):
    page = visit(f"/elbo?step=explore&drawing={SEVEN}", colour_scheme="dark", width=390, height=844)
    page.locator(".draw.inked").wait_for()
    wait_until_idle(page)
    assert violations(page, axe) == []


def test_the_measure_can_fail(axe, visit):
    page = visit("/kl", width=1440)
    page.evaluate("document.querySelector('.stMain').insertAdjacentHTML('beforeend', '<input><h6>Six</h6>')")
    assert {each.split(":")[0] for each in violations(page, axe)} >= {"label", "heading-order"}


def violations(page, axe: str) -> list[str]:
    """What axe-core complains of, but for `NOT_OURS`: rule, path of the element, its start."""
    page.evaluate(axe)
    found = page.evaluate("axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)")
    return [
        f"{each['id']}: {path}: {node['html'][:160]}"
        for each in found
        for node in each["nodes"]
        if not is_not_ours(each["id"], path := str(node["target"]), node["html"])
    ]


def is_not_ours(rule: str, path: str, html: str) -> bool:
    return any(rule == name and part in path + html for name, part in NOT_OURS)


@pytest.mark.parametrize(("scheme", "kind"), [("light", "Images"), ("dark", "Points")])
def test_axe_finds_nothing_in_the_dialog_for_own_data(axe, visit, wait_until_idle, scheme, kind):
    page = visit("/beta?step=explore&sweep=own", colour_scheme=scheme)
    page.get_by_role("button", name="Your own data").click()
    page.locator(".upload").wait_for()
    page.get_by_role("dialog").get_by_text(kind, exact=True).click()
    wait_until_idle(page)
    assert violations(page, axe) == []

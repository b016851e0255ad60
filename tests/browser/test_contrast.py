"""In both themes text can be read and controls are seen: measured on the pages as a browser draws them."""

import pytest

from tests.browser.contrast import faint

PATHS = ("/", "/kl", "/kl?step=width", "/kl?step=width&present=1")
PATHS += ("/loss", "/lab?step=explore", "/plane", "/beta?sweep=own")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_text_and_edges_are_seen(path, scheme, visit):
    assert faint(visit(path, colour_scheme=scheme)) == []


def test_the_measure_can_fail(visit):
    page = visit("/lab")
    page.add_style_tag(content=".stMain p { color: #999 } button { border-color: #eee !important }")
    page.wait_for_timeout(400)  # Streamlit's colours change gradually
    assert {each.split()[0] for each in faint(page)} == {"text", "edge"}

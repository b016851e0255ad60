"""The components' files: small, self-contained, and put together in the order asked for."""

import pytest

from vaedemo.app.components.common.files import FOLDER, source

ENDINGS = (".html", ".css", ".js")
FILES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.suffix in ENDINGS)


def test_every_component_s_files_are_found():
    assert len(FILES) > 50 and "sketch/draw.js" in FILES


def test_files_come_in_the_order_asked_for():
    base, slider = "common/base.css", "common/slider.css"
    assert source(base, slider) == source(base) + "\n" + source(slider)


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_fetched_from_outside(name):
    text = source(name)
    assert len(text.splitlines()) <= 250
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "") and "import " not in text

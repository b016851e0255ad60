"""The components' files: small, self-contained, and put together in the order asked for."""

import pytest

from vaedemo.app.components.files import FOLDER, source

FILES = sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".html", ".css", ".js"))


def test_files_come_in_the_order_asked_for():
    assert source("base.css", "slider.css") == source("base.css") + "\n" + source("slider.css")


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_fetched_from_outside(name):
    text = source(name)
    assert len(text.splitlines()) <= 250
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "") and "import " not in text

"""The downloads of a view in a real browser, on a phone: they fit, and each file comes as it is named."""

import io
import zipfile

from tests.browser.reading import button, numbers


def test_a_phone_gets_every_file_and_scrolls_down_alone(visit):
    page = visit("/?image=1234&noise=5", width=390, height=844)
    assert numbers(page)
    taken = {}
    for label in ("Code (.py)", "Notebook (.ipynb)", "Plain PyTorch (.zip)", "Weights (.zip)"):
        with page.expect_download() as file:
            button(page, label).click()
        taken[file.value.suggested_filename] = file.value.path().read_bytes()
    code, notebook, plain, weights = taken
    assert (code, notebook) == ("vaedemo-home.py", "vaedemo-home.ipynb")
    assert b"[1234 : 1234 + 1]" in taken[code] and b"[1234 : 1234 + 1]" in taken[notebook]
    with zipfile.ZipFile(io.BytesIO(taken[plain])) as archive:
        assert {"vae.py", "vae.ipynb", "data.safetensors"} < set(archive.namelist())
        assert archive.testzip() is None
    with zipfile.ZipFile(io.BytesIO(taken[weights])) as archive:
        assert archive.namelist() == ["weights.safetensors", "config.json"]
    assert page.evaluate("document.documentElement.scrollWidth") == 390

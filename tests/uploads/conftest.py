"""Around each test of an upload: no file is written and no process is left.

Only folders of this test are listed: other programs write into the system's own at the same time. What the child
would write there is asked in test_decoder_nothing_left.py.
"""

import tempfile
from pathlib import Path

import psutil
import pytest


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path_factory, monkeypatch):
    """Fail a test after which there is another file or another process."""
    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.chdir(tmp_path_factory.mktemp("current"))
    processes = set(psutil.Process().children(recursive=True))
    yield
    assert not [*temporary.iterdir(), *Path.cwd().iterdir()]
    assert set(psutil.Process().children(recursive=True)) <= processes

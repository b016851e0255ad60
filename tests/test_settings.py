"""The table of limits and places: defaults, what the environment overrides, and what it may not say."""

from dataclasses import fields
from pathlib import Path

import pytest

from vaedemo.app.server.checks import check_settings
from vaedemo.settings import REPOSITORY, SettingError, Settings, current


def test_defaults_hold_where_the_environment_is_silent():
    found = current({})
    assert found.cache == Path.home() / ".cache" / "vaedemo"
    assert found.data_folder == found.cache / "data"
    assert found.checkpoints == REPOSITORY / "checkpoints"
    assert (found.max_epochs, found.device, found.scheduler_insecure) == (200, "", False)


def test_each_kind_of_entry_is_read():
    found = current(
        {
            "VAEDEMO_CACHE": "/somewhere/cache",
            "VAEDEMO_DATA": "~/data",
            "VAEDEMO_MAX_EPOCHS": "50",
            "VAEDEMO_GRACE_SECONDS": "1.5",
            "VAEDEMO_SCHEDULER_INSECURE": "Yes",
            "VAEDEMO_SCHEDULER": "tcp://127.0.0.1:8786",
            "VAEDEMO_DEVICE": "cpu",
        }
    )
    assert found.cache == Path("/somewhere/cache")
    assert found.data_folder == Path.home() / "data"
    assert (found.max_epochs, found.grace_seconds, found.scheduler_insecure) == (50, 1.5, True)
    assert (found.scheduler, found.device) == ("tcp://127.0.0.1:8786", "cpu")


def test_the_environment_is_read_at_each_call(monkeypatch, tmp_path):
    for folder in (tmp_path / "a", tmp_path / "b"):
        monkeypatch.setenv("VAEDEMO_CACHE", str(folder))
        assert current().cache == folder


def test_an_empty_text_leaves_the_default():
    empty = {f"VAEDEMO_{entry.name.upper()}": "" for entry in fields(Settings)}
    assert current(empty) == current({})


@pytest.mark.parametrize(
    "entry", [entry for entry in fields(Settings) if isinstance(entry.default, (bool, int, float))]
)
@pytest.mark.parametrize("text", ["many", "-1", "nan", "inf", "1e999", "1 2", "9" * 5000])
def test_a_wrong_number_is_one_sentence_that_names_the_variable(entry, text):
    name = f"VAEDEMO_{entry.name.upper()}"
    with pytest.raises(SettingError) as caught:
        current({name: text})
    message = str(caught.value)
    assert message.startswith(f"{name} accepts ") and ", got " in message and len(message) < 200


def test_a_home_that_does_not_exist_is_named():
    with pytest.raises(SettingError, match="VAEDEMO_DATA accepts a folder, got '~nobody-of-that-name/x'"):
        current({"VAEDEMO_DATA": "~nobody-of-that-name/x"})


def homeless(monkeypatch):
    """As for a user that the system does not know: no HOME, and no entry in its list of users."""
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr("os.path.expanduser", lambda path: path)


def test_without_a_home_one_sentence_names_the_cache(monkeypatch):
    homeless(monkeypatch)
    with pytest.raises(SettingError, match=r"VAEDEMO_CACHE must name a folder here: .*no home folder") as caught:
        current({})
    assert "\n" not in str(caught.value)
    assert current({"VAEDEMO_CACHE": "/somewhere"}).data_folder == Path("/somewhere/data")
    for name in ("VAEDEMO_CACHE", "VAEDEMO_DATA", "VAEDEMO_CHECKPOINTS"):
        with pytest.raises(SettingError, match=f"{name} accepts a folder, got '~/x'"):
            current({"VAEDEMO_CACHE": "/somewhere", name: "~/x"})


def test_without_a_home_the_server_says_the_same(monkeypatch, capsys):
    homeless(monkeypatch)
    monkeypatch.delenv("VAEDEMO_CACHE")
    with pytest.raises(SystemExit) as ended:
        check_settings()
    _, err = capsys.readouterr()
    assert ended.value.code == 2 and err.startswith("vaedemo: VAEDEMO_CACHE must name") and err.count("\n") == 1

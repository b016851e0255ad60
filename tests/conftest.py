"""For every test: a cache of its own, no data on disk, no setting of the developer's, one torch thread."""

import functools
import os
from pathlib import Path

import pytest

# Read when torch is first imported, by this process and by those that the tests start.
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["MPLBACKEND"] = "agg"

BROWSER_TESTS = Path(__file__).parent / "browser"
pytest_plugins = ["tests.browser.fixtures"]


@pytest.fixture(autouse=True)
def own_settings(monkeypatch, tmp_path) -> Path:
    """No VAEDEMO_ variable but a cache and a data folder, neither made yet; the cache's path is returned."""
    for name in [name for name in os.environ if name.startswith("VAEDEMO_")]:
        monkeypatch.delenv(name)
    for name in ("cache", "data"):
        monkeypatch.setenv(f"VAEDEMO_{name.upper()}", str(tmp_path / name))
    return tmp_path / "cache"


@pytest.fixture(autouse=True, scope="session")
def one_look_for_components():
    """Streamlit looks through all installed packages for components once a server, but also once an AppTest: 0.4 s.

    What is installed does not change under the tests, so here it looks once a process.
    """
    from streamlit.components.v2 import manifest_scanner

    look = functools.cache(manifest_scanner.scan_component_manifests)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", look)
        yield


@pytest.fixture(scope="session")
def session_cache(tmp_path_factory) -> Path:
    """One folder for the whole session."""
    return tmp_path_factory.mktemp("session-cache")


@pytest.fixture
def shared_cache(own_settings, session_cache, monkeypatch) -> Path:
    """For tests that train: the session's cache instead of an own one, so that equal configs are trained once."""
    monkeypatch.setenv("VAEDEMO_CACHE", str(session_cache))
    return session_cache


# In these presses are counted, something moves or is trained. All others wait for what they look at alone.
ALONE = {"test_bursts", "test_door", "test_film", "test_own_data", "test_press_button", "test_room"}
ALONE |= {"test_engines", "test_engines_own_data", "test_engines_room"}
ALONE |= {f"test_{lesson}_in_browser" for lesson in ("lab", "holding", "ring", "beta", "pretraining")}


def pytest_collection_modifyitems(items):
    """Mark what drives a browser, by its place or its name, and put it last: an arithmetic error should show first."""
    for item in items:
        if BROWSER_TESTS in item.path.parents or item.path.stem.endswith("_in_browser"):
            item.add_marker(pytest.mark.browser)
            if item.path.stem in ALONE:
                item.add_marker(pytest.mark.alone)
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


class BrowserTestsRan:
    """Under CI, fails a full run in which a browser test was skipped or none was executed."""

    def __init__(self):
        self.executed, self.skipped = 0, []

    def pytest_runtest_logreport(self, report):
        if "browser" not in report.keywords:
            return
        if report.skipped:
            self.skipped.append(report.nodeid)
        elif report.when == "call":
            self.executed += 1

    def complaint(self) -> str:
        if self.skipped:
            return "Under CI no browser test may be skipped: " + ", ".join(self.skipped)
        return "" if self.executed else "Under CI the browser tests must run, and none did."

    def pytest_sessionfinish(self, session):
        if self.complaint() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        if self.complaint():
            terminalreporter.section("browser tests", red=True, bold=True)
            terminalreporter.write_line(self.complaint())


def pytest_configure(config):
    full_run = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.getoption("collectonly")
    # `make test` runs the browser tests by themselves, after the others, which share the cores among them.
    others_alone = config.getoption("markexpr").startswith("not browser")
    if os.environ.get("CI") and full_run and not others_alone and not hasattr(config, "workerinput"):
        config.pluginmanager.register(BrowserTestsRan())

"""The menu of pages: what is sent, what is refused, and that every page of the app is in it."""

import json
from types import SimpleNamespace

import pytest

from tests.app.pages import PATHS, open_page
from vaedemo.app.components.contents import pack

HOME = SimpleNamespace(title="At a glance", icon=":material/home:", url_path="")
KL = SimpleNamespace(title="KL of Gaussians", icon=":material/compare_arrows:", url_path="kl")


def test_what_is_sent_is_the_pages_by_parts_and_where_one_is():
    assert pack({"The lecture": [HOME], "The loss": [KL]}, KL, "The pages") == {
        "label": "The pages",
        "here": "kl",
        "parts": [
            {"title": "The lecture", "links": [{"href": "./", "label": "At a glance", "icon": "home"}]},
            {"title": "The loss", "links": [{"href": "kl", "label": "KL of Gaussians", "icon": "compare_arrows"}]},
        ],
    }


def test_a_menu_without_a_label_is_refused():
    with pytest.raises(ValueError, match="label must say"):
        pack({"The lecture": [HOME]}, HOME, "")


def menu(at) -> list:
    return at.sidebar.get("bidi_component")


def test_every_page_is_in_it_once_and_the_projector_does_without():
    (drawn,) = menu(open_page("kl"))
    (sent,) = json.loads(drawn.proto.json)
    assert sent["here"] == "kl"
    hrefs = [link["href"] for part in sent["parts"] for link in part["links"]]
    assert [f"/{href.removeprefix('./')}" for href in hrefs] == PATHS
    assert not menu(open_page("kl", {"present": "1"}))

"""The map's cards: what is sent, and what is refused."""

import pytest

from vaedemo.app.components.lecture_map import Card, pack
from vaedemo.app.lessons import index
from vaedemo.app.shell import lecture

CARDS = [Card("The loss", [("kl", "The KL")])]


def test_what_is_sent_is_the_cards_and_their_links():
    links = [{"label": "The KL", "href": "kl"}]
    assert pack(CARDS, "The map") == {"label": "The map", "cards": [{"title": "The loss", "links": links}]}


@pytest.mark.parametrize(("cards", "label", "words"), [(CARDS, "", "label must say"), ([], "The map", "one card")])
def test_what_cannot_be_drawn_is_refused(cards, label, words):
    with pytest.raises(ValueError, match=words):
        pack(cards, label)


def test_every_page_of_the_lecture_is_on_the_map_once():
    pages = [page for card in lecture.cards() for page, _ in card.links]
    assert pages == [entry.name for entry in index.LESSONS if entry is not index.HOME]

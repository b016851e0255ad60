"""The map's cards: what is sent, and what is refused."""

import pytest

from vaedemo.app.components.lecture_map import Card, pack
from vaedemo.app.shell import lecture

CARDS = [Card("The loss", ["KL of Gaussians"], [("kl", "The KL")])]


def test_what_is_sent_is_the_cards_and_links_that_keep_the_query():
    assert pack(CARDS, {"present": "1"}, "The map") == {
        "label": "The map",
        "cards": [
            {
                "title": "The loss",
                "ideas": ["KL of Gaussians"],
                "links": [{"page": "kl", "label": "The KL", "href": "kl?present=1"}],
            }
        ],
    }
    assert pack(CARDS, {}, "The map")["cards"][0]["links"][0]["href"] == "kl"


@pytest.mark.parametrize(("cards", "label", "words"), [(CARDS, "", "label must say"), ([], "The map", "one card")])
def test_what_cannot_be_drawn_is_refused(cards, label, words):
    with pytest.raises(ValueError, match=words):
        pack(cards, {}, label)


def test_every_idea_and_every_page_of_the_lecture_is_on_the_map_once():
    drawn = lecture.cards()
    assert [name for card in drawn for name in card.ideas] == [idea.name for idea in lecture.IDEAS]
    pages = [page for card in drawn for page, _ in card.links]
    assert len(set(pages)) == len(pages)
    assert set(pages) == {idea.page for idea in lecture.IDEAS if idea.page != "home"}

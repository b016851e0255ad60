"""The tree component: what it sends, and what it refuses."""

import pytest

from vaedemo.app.components.family_tree import Branch, Leaf, leaves, pack
from vaedemo.app.lessons.taxonomy.leaves import BY_KEY, tree

SMALL = Branch("All", (Leaf("a", "First", "exact", runs=True), Branch("Rest", (Leaf("b", "Second"),))))


def test_leaves_come_from_the_top_to_the_bottom():
    assert [leaf.key for leaf in leaves(SMALL)] == ["a", "b"]
    assert [leaf.key for leaf in leaves(tree())] == list(BY_KEY)


def test_what_is_sent_is_the_tree_as_it_is():
    sent = pack(SMALL, "b", "Kinds", "runs here")
    assert sent["chosen"] == "b"
    assert sent["tree"]["children"][0] == {
        "key": "a",
        "name": "First",
        "note": "exact",
        "runs": True,
    }
    assert sent["tree"]["children"][1]["children"][0]["name"] == "Second"


@pytest.mark.parametrize(
    ("tree", "chosen", "label", "words"),
    [
        (SMALL, "c", "Kinds", "chosen must be one of a, b"),
        (SMALL, "a", "", "label must say"),
        (Branch("All", ()), "a", "Kinds", "has no children"),
        (Branch("All", (Leaf("a", "x"), Leaf("a", "y"))), "a", "Kinds", "a key of its own"),
    ],
)
def test_what_cannot_be_drawn_is_refused(tree, chosen, label, words):
    with pytest.raises(ValueError, match=words):
        pack(tree, chosen, label, "runs here")

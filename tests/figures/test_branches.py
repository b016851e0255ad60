"""The tree of branches: a line per run, from the run that it left to its end."""

from vaedemo.figures.branches import Branch, tree

BRANCHES = [
    Branch(None, 0, 10, "without a change", "150.1"),
    Branch(0, 4, 7, "β 4 from 4", "held", shown=True),
    Branch(1, 6, 6, "β 1 from 6", ""),
]


def test_a_line_leaves_its_parent_where_it_begins_and_ends_at_its_end():
    figure = tree(BRANCHES, 10)
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert [list(zip(line.x, line.y, strict=True)) for line in lines] == [
        [(0, 0), (10, 0)],
        [(4, 0), (4, 1), (7, 1)],
        [(6, 1), (6, 2), (6, 2)],
    ]
    assert [line.line.dash for line in lines] == ["solid", "solid", "4px,4px"]


def test_each_line_is_named_at_its_end_and_the_shown_one_stands_out():
    figure = tree(BRANCHES, 10)
    words = ["without a change: 150.1", "<b>β 4 from 4</b>: held", "β 1 from 6"]
    assert [note.text for note in figure.layout.annotations] == words
    first, shown, _ = (trace.line for trace in figure.data if trace.mode == "lines")
    assert shown.width > first.width and shown.color != first.color

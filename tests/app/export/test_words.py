"""The words of exported pages: Markdown as HTML, formulas as MathML, and the numbers that change."""

from xml.etree import ElementTree

import pytest

from vaedemo.app.export import words
from vaedemo.app.export.command import EXHIBITS
from vaedemo.app.export.exhibits import content
from vaedemo.app.export.mathml import mathml
from vaedemo.app.shell.words import verdict

NUMBER_BELOW = "<munder><mrow><mi>V</mi></mrow><mn>−1.39</mn></munder>"


def plain(latex: str) -> str:
    """A formula without its <math> and without attributes."""
    root = ElementTree.fromstring(mathml(latex, block=False))
    for element in root.iter():
        element.attrib.clear()
    (row,) = root
    return "".join(ElementTree.tostring(child, encoding="unicode") for child in row)


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("x + 10", "<mi>x</mi><mo>+</mo><mn>10</mn>"),
        ("-z_1", "<mo>−</mo><msub><mi>z</mi><mn>1</mn></msub>"),
        ("g_θ^2", "<msubsup><mi>g</mi><mi>θ</mi><mn>2</mn></msubsup>"),
        ("\\tfrac12", "<mstyle><mfrac><mn>1</mn><mn>2</mn></mfrac></mstyle>"),
        ("\\underset{-1.39}{V}", NUMBER_BELOW),
    ],
)
def test_a_formula_is_mathml(latex, expected):
    assert plain(latex) == expected


@pytest.mark.parametrize("latex", ["\\unknown x", "\\frac{1}{2", "x_", "}", "\\underset{a}{V}", "\\mathrm x"])
def test_a_formula_that_is_not_read_is_refused(latex):
    with pytest.raises(ValueError, match=r"\S"):
        mathml(latex, block=True)


def test_markdown_is_html_and_is_escaped():
    text = "**E[x] < 1** & $z_1$, see [the plane](plane).\n\n$$x$$"
    first, second = words.html(text).split("\n")
    assert first == (
        "<p><strong>E[x] &lt; 1</strong> &amp; <math><mrow><msub><mi>z</mi><mn>1</mn></msub></mrow></math>, "
        "see the plane.</p>"
    )
    assert second == '<p><math display="block"><mrow><mi>x</mi></mrow></math></p>'


def test_a_number_that_changes_has_its_name():
    html = words.with_names("<p>1.44 of 11.44 <mn>2.25</mn></p>", {"total": "1.44", "square": "2.25"})
    assert html == ('<p><span data-number="total">1.44</span> of 11.44 <mn data-number="square">2.25</mn></p>')


@pytest.mark.parametrize("html", ["<p>0.5 and 0.5</p>", "<p>0.51</p>", "<p>−0.5</p>"])
def test_a_number_that_is_not_there_once_is_refused(html):
    with pytest.raises(ValueError, match="must stand once"):
        words.with_names(html, {"total": "0.5"})


@pytest.mark.parametrize("name", EXHIBITS)
def test_the_words_of_every_step_are_read(name):
    for step in content(name).steps:
        said = [words.html(step.words)]
        if step.question is not None:
            said += [words.html(verdict(step.question, place)) for place in range(len(step.question.options))]
            said += [
                words.inline(text) for text in (step.question.text, *(each.text for each in step.question.options))
            ]
        assert not [(html, mark) for html in said for mark in ("$", "**", "\\", "](") if mark in html]

"""200 hostile links through the pages themselves: no traceback, sentences only, and a clean link is left."""

import pytest

from tests.app.pages import PAGES, link_of, open_page, sentences
from tests.hostile.queries import page_queries, read, tables
from tests.hostile.test_codec import check_sentence, try_out

LINKS = 200
SHARES = {page: LINKS // len(PAGES) + (number < LINKS % len(PAGES)) for number, page in enumerate(PAGES)}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_survives_hostile_links(page, record_property):
    def check(query_string):
        at = open_page(page, read(query_string))
        assert not at.exception, at.exception[0].stack_trace
        assert at.title[0].value
        assert at.get("bidi_component") or at.get("plotly_chart")
        for sentence in sentences(at):
            check_sentence(sentence)
        left = link_of(at)
        left.pop("embed", None)  # Streamlit's own, which it shows to no page
        assert tables()[page].read(left).refusals == []

    try_out(check, page_queries(page), SHARES[page], record_property, shrink=False)

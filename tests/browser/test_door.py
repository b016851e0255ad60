"""The door opens: the app is served, its first page comes up without a complaint, in both colour schemes."""

import pytest


@pytest.mark.parametrize("colour_scheme", ["light", "dark"])
def test_the_first_page_opens_without_a_complaint(visit, colour_scheme):
    page = visit("/", colour_scheme=colour_scheme)
    assert page.locator("[data-testid=stMain]").inner_text().strip()
    assert page.locator("[data-testid=stException]").count() == 0


def test_the_first_page_fits_a_phone(visit):
    page = visit("/", width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_page_that_does_not_exist_leads_home(visit):
    visit.expected.append("page that you have requested does not seem to exist")  # Streamlit's own note
    page = visit("/no_such_page")
    assert page.locator("[data-testid=stMain]").inner_text().strip()


def test_two_visitors_have_browsers_of_their_own(visit):
    first, second = visit("/"), visit("/", visitor="second")
    assert first.context != second.context


def test_a_complaint_is_heard(visit):
    """The check at the end of each test must be able to fail."""
    page = visit("/")
    page.evaluate("console.error('a complaint of the test')")
    page.evaluate("fetch('/app/static/no-such-file')")
    page.wait_for_function("performance.getEntriesByName(location.origin + '/app/static/no-such-file').length")
    assert any("a complaint of the test" in text for text in visit.complaints)
    visit.expected += ["a complaint of the test", "no-such-file"]
    assert not visit.unexpected()

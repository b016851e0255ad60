"""Presses and links that come together: a press stays beside a link of before it, and a link elsewhere is followed."""

from streamlit.testing.v1 import AppTest

from tests.app.pages import link_of


def page():
    from types import SimpleNamespace

    import streamlit as st

    from vaedemo.app.shell.links import LinkTable, Parameter
    from vaedemo.app.shell.view import View
    from vaedemo.rules import whole

    view = View(SimpleNamespace(name="page", table=LinkTable(Parameter("train", 0, whole(0, 1)))))
    st.button("Stop", on_click=lambda: view.__setitem__("train", 0))
    view.write_link()
    if st.session_state.pop("late", False):  # what the browser sent before it heard of the new link
        st.query_params["train"] = "1"
        view.rerun()


def test_a_rerun_with_the_link_of_before_does_not_undo_a_press():
    at = AppTest.from_function(page)
    at.query_params["train"] = "1"
    at.run()
    assert at.session_state["page.train"] == 1
    at.session_state["late"] = True
    at.button[0].click().run()
    assert not at.exception
    assert at.session_state["page.train"] == 0 and "train" not in link_of(at)


def pressed():
    """A page with a number, a button that raises it, and a run that may end before the link is written."""
    from types import SimpleNamespace

    import streamlit as st

    from vaedemo.app.shell.links import LinkTable, Parameter
    from vaedemo.app.shell.view import View
    from vaedemo.rules import whole

    view = View(SimpleNamespace(name="page", table=LinkTable(Parameter("number", 0, whole(0, 99)))))
    st.button("More", on_click=lambda: view.__setitem__("number", view["number"] + 10))
    if st.session_state.pop("ends early", False):  # as a run of the page's fragment: a press, then the next run's end
        view["number"] += 10
        view.keep()
        st.stop()
    view.write_link()


def opened(number: str) -> AppTest:
    at = AppTest.from_function(pressed)
    at.query_params["number"] = number
    return at.run()


def test_a_link_is_followed_after_a_press_whose_run_was_ended_by_it():
    at = opened("1")
    at.session_state["ends early"] = True
    at.run()
    assert at.session_state["page.number"] == 11 and link_of(at) == {"number": "1"}
    at.query_params["number"] = "5"
    at.run()
    assert at.session_state["page.number"] == 5 and link_of(at) == {"number": "5"}


def test_a_link_is_followed_that_comes_together_with_a_press():
    at = opened("1")
    at.query_params["number"] = "5"
    at.button[0].click().run()
    assert at.session_state["page.number"] == 5 and link_of(at) == {"number": "5"}


def test_a_press_stays_that_comes_with_a_link_of_before():
    at = opened("1")
    for number in (11, 21):
        at.button[0].click().run()
        assert at.session_state["page.number"] == number
    at.query_params["number"] = "1"
    at.button[0].click().run()
    assert at.session_state["page.number"] == 31 and link_of(at) == {"number": "31"}
    at.query_params["number"] = "11"  # the Back button
    at.run()
    assert at.session_state["page.number"] == 11

"""A press stays, although a fragment that repeats itself asks for the page with the link of before the press."""

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

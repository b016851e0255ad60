"""Bring data of one's own: what happens to them is said first, then they are sent, looked at, and taken."""

from collections.abc import Callable

import streamlit as st

from vaedemo import settings
from vaedemo.app.components.upload import upload
from vaedemo.app.shell import own_sets
from vaedemo.app.shell.config_code import file_of
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.trainings import runs
from vaedemo.app.trainings.own_data import clearing, looking
from vaedemo.app.trainings.own_data.desk import desk
from vaedemo.config import RunConfig
from vaedemo.uploads.limits import LARGEST_UPLOAD, MOST_FILES

IS_OVER = "own_data.is_over"  # in the session: something was taken or cleared, and the page is to be drawn anew
KINDS = {"images": "Images", "points": "Points"}


@st.dialog("Your own data", width="large")
def show(view: StepView, changed: Callable[[StepView], None]) -> None:
    """The dialog. What is taken becomes the view's `dataset`; then `changed(view)` is called."""
    if st.session_state.pop(IS_OVER, False):
        st.rerun()
    waiting = desk().waiting(runs.session_id())
    if waiting is None:
        bring(view)
    else:
        looking.draw(view, waiting, lambda name: take(view, name, changed))
    if own_sets.names():
        brought(view, changed)


def bring(view: StepView) -> None:
    """The sentence on whose the data are, and the door."""
    hours = settings.current().upload_hours
    st.markdown(
        "Your data are kept on this server. Nobody else finds them in a menu, but **whoever has the link of a model "
        "that you train on them can see them**. The data and these models are deleted when you press Clear, which this "
        f"window then has, or when nobody has used them for {hours:g} hours. Send nothing that must stay private."
    )
    kind = st.segmented_control(
        "What do you bring?",
        list(KINDS),
        format_func=KINDS.get,
        default="images",
        required=True,
        key=view.key("own_kind"),
        label_visibility="collapsed",
    )
    upload(
        kind,
        ticket=desk().ticket(runs.session_id()),
        most_bytes=LARGEST_UPLOAD,
        most_files=MOST_FILES,
        key=view.key("upload"),
        on_arrived=lambda: None,
    )
    if kind == "images":
        st.caption(
            "They become 28 × 28 grey pixels. Folders, or a label column of a CSV, are the classes. One picture alone "
            "can be x on the pages with “Your own digit”."
        )


def take(view: StepView, name: str, changed: Callable[[StepView], None]) -> None:
    """Use these data on the page."""
    desk().drop(runs.session_id())
    own_sets.remember(name, brought=True)
    view["dataset"] = name
    changed(view)
    st.session_state[IS_OVER] = True


def brought(view: StepView, changed: Callable[[StepView], None]) -> None:
    """This session's data, each with its buttons."""
    st.subheader("Here already", anchor=False)
    for name in own_sets.names():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(own_sets.title(name), width="stretch")
            st.download_button(
                "Download",
                lambda name=name: looking.packed(name),
                file_name=file_of(name),
                mime="application/octet-stream",
                on_click="ignore",
                key=view.key(f"own-download-{name}"),
            )
            if own_sets.was_brought(name):
                st.button("Clear", key=view.key(f"own-clear-{name}"), on_click=clear, args=(view, name, changed))
    st.caption(
        "Clear deletes the data, and every run that was trained on them, at once and for everybody. Only who has "
        "brought them can clear them: after a reload, bring the same files again."
    )


def clear(view: StepView, name: str, changed: Callable[[StepView], None]) -> None:
    clearing.clear(name)
    own_sets.forget(name)
    st.session_state[IS_OVER] = True
    if own_sets.is_gone(view["dataset"]):
        view["dataset"] = RunConfig.dataset
        changed(view)

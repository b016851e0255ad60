"""The menu of data sets with a visitor's own, and the way to bring them."""

from collections.abc import Callable

import streamlit as st

from vaedemo import settings
from vaedemo.app.shared.forms import data_title
from vaedemo.app.shell import own_sets
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.trainings.own_data import dialog
from vaedemo.config import RunConfig
from vaedemo.dataset_names import readable

Change = Callable[[StepView], None]


def menu(view: StepView, changed: Change) -> None:
    """A menu of the app's data sets and this session's own, and a button to bring some. It sets `dataset`.

    `changed(view)` is called before the page reruns with other data.
    """
    own_sets.remember(view["dataset"])
    if own_sets.is_gone(view["dataset"]):
        st.warning(f"The {readable(view['dataset'])} are no longer on this server.", icon=":material/link_off:")
        view["dataset"] = RunConfig.dataset
        changed(view)
    st.selectbox(
        "Data",
        own_sets.options(view["dataset"]),
        format_func=data_title,
        key=view.key("dataset"),
        on_change=changed,
        args=(view,),
    )
    if view["present"]:
        return
    if not settings.current().uploads:
        st.caption("This server accepts no data of your own.")
    elif st.button("Your own data", icon=":material/upload:", key=view.key("own_data"), width="stretch"):
        dialog.show(view, changed)

"""Exhibit: the tree of the families, and the card of the one that is chosen."""

import streamlit as st

from vaedemo.app.components.family_tree import family_tree
from vaedemo.app.lessons.taxonomy.leaves import BY_KEY, Family, tree
from vaedemo.app.shell import frame
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE


def picture(view: StepView) -> None:
    """The tree, each leaf with what it gives up; in Explore with the card of the chosen one."""

    def choose(key: str) -> None:
        view["leaf"] = key

    exploring = view["step"] == EXPLORE
    family_tree(
        tree(held=view.held),
        view["leaf"],
        key=view.key("tree"),
        label="Families of generative models",
        legend="runs on this page" if exploring else "",
        on_chosen=choose,
    )
    if exploring:
        card(view, BY_KEY[view["leaf"]])


def card(view: StepView, family: Family) -> None:
    """The chosen family: its objective, the cost of a sample, its paper, and its pages in this app."""
    with st.container(border=True):
        left, right = st.columns([1.25, 1], gap="medium")
        with left:
            st.markdown(f"**{family.name}**")
            st.markdown(family.maximises)
            st.markdown(family.because)
        with right:
            st.markdown(
                f"**Likelihood:** {family.likelihood}.\n\n**A sample:** {family.sampling}\n\n**Paper:** {family.paper}"
            )
            if family.pages:
                query = {"present": "1"} if view["present"] else {}
                with st.container(horizontal=True, gap="small"):
                    st.markdown("**You are here:**")
                    for page in family.pages:
                        frame.link_to(page, query, icon="arrow_forward")


def short(view: StepView) -> None:
    """The chosen family in a few lines."""
    family = BY_KEY[view["leaf"]]
    st.markdown(f"**{family.name}.** Likelihood: {family.likelihood}. A sample: {family.sampling}")


CONTROLS = {"family": short}

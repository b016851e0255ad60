"""The exported page of the ring: its steps, each with its scene. The slider, Play and the brush run in the browser."""

from vaedemo.app import catalogue
from vaedemo.app.components import warp
from vaedemo.app.components.warp import Settled
from vaedemo.app.export.page import Page, Shown, told
from vaedemo.app.lessons import index
from vaedemo.app.lessons.ring import exact, learned, scenes, steps
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_links import StepTable
from vaedemo.app.shell.steps import Values
from vaedemo.rules import one_of

TABLE = StepTable(
    steps.STEPS, (), Parameter("part", "exact", one_of("exact", "learned")), *exact.PARAMETERS, *learned.PARAMETERS
)


def page() -> Page:
    question = "Can plain Gaussian noise be turned into data by a function alone?"
    return Page("ring", index.BY_NAME["ring"].title, question, [told(TABLE, name, shown) for name in TABLE.steps])


def shown(name: str, view: Values, is_open: bool) -> list[Shown]:
    """The scene of a view; while a question is open the points are not moved yet."""
    if view["part"] == "exact":
        drawn, panes = scenes.exact_scene(view["map"], view["seed"], view["samples"]), scenes.exact_panes(view["map"])
        state = Settled(view["t"], view["show"], view["brush"])
        if is_open:
            drawn, panes = scenes.not_moved(drawn, panes, "x, not moved yet")
    else:
        drawn, panes = scenes.learned_scene(catalogue.run(learned.SHIPPED)), scenes.LEARNED_PANES
        state = Settled(min(view["frame"], len(drawn.frames) - 1), view["learned_show"], view["learned_brush"])
        if is_open and view["frame"] == 0:
            drawn, panes = scenes.not_moved(drawn, panes, "decoder(z), not trained yet")
    return [Shown("warp", warp.pack(drawn, panes, state, report=False))]

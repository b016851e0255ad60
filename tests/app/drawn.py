"""A drawing for tests, and how a page is told of it without a browser."""

import json

import torch
from streamlit.testing.v1 import AppTest

from vaedemo.datasets import drawing


def a_seven() -> str:
    """A plain 7: a bar at the top, and a slanted line down from its right end."""
    pixels = torch.zeros(1, 28, 28, dtype=torch.uint8)
    pixels[0, 6:9, 7:21] = 255
    for row in range(9, 24):
        pixels[0, row, (left := 19 - (row - 9) // 2) : left + 3] = 182
    return drawing.write(pixels)


SEVEN = a_seven()


def switch_on(at: AppTest, page: str) -> AppTest:
    """Turn the switch that offers the visitor's own digit."""
    return at.toggle(key=f"{page}.own_digit").set_value(True).run()


def finish_stroke(at: AppTest, page: str, text: str) -> AppTest:
    """Run the page after a stroke that leaves this drawing, as a browser tells it."""
    (field,) = [each.proto for each in at.get("bidi_component") if each.proto.id.endswith(f"-{page}.draw")]
    states = at._tree.get_widget_states()
    states.widgets.add(id=field.id, json_value=json.dumps({"drawn": [1, text]}))
    return at._run(states)

"""Doors: the public methods of models that check their data, and what training calls in their place.

A door called `decode` checks its codes and hands them to `decode_unchecked`, which does the mathematics. Training has
checked the whole data set once and calls what is `behind` the door.
"""

from collections.abc import Callable


def door(method: Callable) -> Callable:
    """Mark a method as one that checks its data and then calls its twin, whose name ends in `_unchecked`."""
    method.is_door = True
    return method


def behind(model, name: str) -> Callable:
    """What training calls in place of a door: its unchecked twin.

    A subclass may replace the door itself, as by a `decode` of its own. That method is no door: then it is called as
    it is, so that what is trained is what the model does.
    """
    found = getattr(model, name)
    return getattr(model, f"{name}_unchecked") if getattr(found, "is_door", False) else found

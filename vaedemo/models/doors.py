"""Marks public methods that validate their arguments, and finds the unchecked version that training calls.

A checked method `decode` validates its codes and calls `decode_unchecked`, which does the mathematics. Training has
checked the whole data set once and calls the unchecked version directly.
"""

from collections.abc import Callable


def door(method: Callable) -> Callable:
    """Mark a method that validates its arguments and then calls its version whose name ends in `_unchecked`."""
    method.is_door = True
    return method


def behind(model, name: str) -> Callable:
    """The unchecked version of a checked method, for training.

    A subclass may override the checked method, for example `decode`. Its version is not marked, and is returned
    itself, so that training uses what the model does.
    """
    found = getattr(model, name)
    return getattr(model, f"{name}_unchecked") if getattr(found, "is_door", False) else found

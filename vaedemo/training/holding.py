"""The states of a training under way, and the way back: a training that goes on from its states."""

from collections.abc import Sequence

from vaedemo.rules import ConfigError
from vaedemo.training.state import Moments, State, load_weights, named, part, restored_generator

COUNTERS = ("step", "epoch", "training_seconds", "images_seen")  # of the whole training
FIGURES = ("epochs_done", "steps_done", "totals", "leeway", "rows")  # of each model


def states_of(fitting) -> list[State]:
    """The states of the models of a training (`loop`) between two steps; none once a model has ended early."""
    if not all(member.going for member in fitting.members):
        return []
    fitting.camera.collect()
    moments = Moments(fitting.ensemble, fitting.optimizer, fitting.gradients.per_member)
    counters = {name: getattr(fitting, name) for name in COUNTERS}
    states = []
    for index, member in enumerate(fitting.members):
        group = fitting.ensemble.rng_groups[index]
        generators = {"order": fitting.order_states[group], "noise": fitting.noises[group].get_state()}
        figures = {name: getattr(member, name) for name in FIGURES} | {"kept_step": member.guard.good_step}
        tensors = named("weights", member.model.state_dict()) | named("kept", member.guard.good_weights)
        states.append(
            State(
                config=member.config.held_at(fitting.step),
                step=fitting.step,
                device=fitting.device.type,
                tensors=tensors | moments.of(index) | generators,
                record=counters | figures | {"rows": [*member.rows], "totals": [*member.totals]},
                film=tuple(member.film),
            )
        )
    return states


def restore(fitting, states: Sequence[State]) -> None:
    """Put a training that has not begun into the states of its models. Raises `ConfigError`, `ValueError`."""
    step, device = states[0].step, fitting.device.type
    for member, state in zip(fitting.members, states, strict=True):
        if state.step != step or state.config.digest != member.config.held_at(state.step).digest:
            raise ConfigError("a state", state.config.title, "one of this very training, at the step of the others")
        if state.device != device:
            raise ConfigError("a state", state.device, f"one from the same kind of device, {device}")
    vars(fitting).update({name: states[0].record[name] for name in COUNTERS} | {"begun_at": step})
    for index, (member, state) in enumerate(zip(fitting.members, states, strict=True)):
        load_weights(member.model, part(state.tensors, "weights"))
        vars(member).update({name: state.record[name] for name in FIGURES})
        member.totals, member.rows, member.film = tuple(member.totals), [*member.rows], [*state.film]
        member.guard.keep(part(state.tensors, "kept"), state.record["kept_step"])
        group = fitting.ensemble.rng_groups[index]
        restored_generator(fitting.orders[group], state.tensors["order"])
        restored_generator(fitting.noises[group], state.tensors["noise"])
    if step:
        moments = Moments(fitting.ensemble, fitting.optimizer, fitting.gradients.per_member)
        moments.restore([state.tensors for state in states], step)
    fitting.order_states = [order.get_state() for order in fitting.orders]

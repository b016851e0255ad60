"""States on disk: found again, removed under a cap, and never trusted when they are damaged."""

import shutil

import pytest

import vaedemo as vd
from tests.training.test_holding import DIGITS, assert_same
from vaedemo.training import engine, kept_states, store

HELD = DIGITS.replace(dataset="digits")


def files() -> list[str]:
    return sorted(path.name for path in kept_states.folder().iterdir()) if kept_states.folder().exists() else []


def test_a_training_goes_on_from_its_kept_state_and_is_the_same():
    held = vd.train(HELD.held_at(13))
    assert kept_states.step_of([HELD]) == 13 and len(files()) == 1
    went_on = vd.train(HELD)
    assert went_on.metrics["begun_at_step"] == 13 and held.metrics["steps_done"] == 13
    (kept_states.folder() / files()[0]).unlink()
    again = engine.fit_stack([HELD], vd.datasets.load("digits"), vd.datasets.load("digits", split="test"))[0]
    assert "begun_at_step" not in again.metrics
    assert_same(went_on, again)


def test_a_removed_state_is_replayed_to_the_same_numbers(monkeypatch):
    monkeypatch.setenv("VAEDEMO_STATE_BYTES", "0")
    changed = HELD.replace(changes=((13, {"beta": 4.0}),))
    vd.train(HELD.held_at(13))
    assert files() == [] and kept_states.step_of([changed]) == 0
    replayed = vd.train(changed)
    monkeypatch.setenv("VAEDEMO_STATE_BYTES", "100000000")
    for config in (changed, HELD.held_at(13)):
        shutil.rmtree(store.folder_of(config.digest))
    vd.train(HELD.held_at(13))
    continued = vd.train(changed)
    assert continued.metrics["begun_at_step"] == 13
    assert_same(continued, replayed)


def test_only_states_before_the_first_difference_are_used():
    for step in (5, 13, 20):
        vd.train(HELD.held_at(step))
    assert kept_states.steps(HELD) == {5, 13, 20}
    assert kept_states.steps(HELD.held_at(13)) == {5, 13}
    assert kept_states.steps(HELD.replace(changes=((13, {"beta": 4.0}),))) == {5, 13}
    assert kept_states.steps(HELD.replace(changes=((12, {"beta": 4.0}),))) == {5}
    assert kept_states.steps(HELD.replace(seed=1)) == set()


@pytest.mark.parametrize(
    "damage", [lambda content: content[:-20], lambda content: content[:900] + b"x" + content[901:]]
)
def test_a_damaged_state_is_removed_and_not_used(damage):
    vd.train(HELD.held_at(13))
    path = kept_states.folder() / files()[0]
    path.write_bytes(damage(path.read_bytes()))
    assert kept_states.latest([HELD]) is None
    assert files() == []
    assert "begun_at_step" not in vd.train(HELD).metrics


def test_a_forged_state_with_a_right_checksum_is_no_harm():
    vd.train(HELD.held_at(13))
    name = files()[0].rsplit("-", 1)[0]
    (kept_states.folder() / files()[0]).unlink()
    content = b"no tensors at all"
    (kept_states.folder() / f"{name}-{kept_states.checksum(content)}.safetensors").write_bytes(content)
    assert kept_states.latest([HELD]) is None and files() == []


def test_states_are_removed_beyond_their_number_and_their_cap(monkeypatch):
    for step in range(1, 12):
        vd.train(HELD.held_at(step))
    assert kept_states.steps(HELD) == set(range(4, 12)), "the eight used last"
    largest = max((kept_states.folder() / name).stat().st_size for name in files())
    monkeypatch.setenv("VAEDEMO_STATE_BYTES", str(int(3.5 * largest)))
    vd.train(HELD.held_at(12))
    assert kept_states.steps(HELD) == {10, 11, 12}
    kept_states.latest([HELD.held_at(10)])  # used again
    vd.train(HELD.held_at(13))
    assert kept_states.steps(HELD) == {10, 12, 13}


def test_a_stack_goes_on_only_from_a_step_that_all_its_members_kept():
    configs = [HELD.replace(beta=beta) for beta in (0.5, 2.0)]
    vd.sweep([config.held_at(13) for config in configs])
    vd.train(configs[0].held_at(20))
    assert kept_states.step_of(configs) == 13 and kept_states.step_of(configs[:1]) == 20
    assert {run.metrics["begun_at_step"] for run in vd.sweep(configs)} == {13}


def test_a_cache_that_cannot_be_written_keeps_none(own_settings):
    own_settings.write_text("a file where the folder should be")
    with pytest.warns(store.StoreWarning):
        assert vd.train(HELD.held_at(13)).metrics["steps_done"] == 13


def test_keyframes_are_three_or_four_frames_of_the_film():
    from vaedemo.training.film import frame_steps

    for steps in (30, 1_280, 3_780, 21_500):
        found = kept_states.keyframes(steps)
        assert 3 <= len(found) <= 4 and found <= set(frame_steps(steps)) and 0 not in found

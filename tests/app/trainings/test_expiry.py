"""Own data that nobody has used for their time take their runs along; what is fresh, and what is not theirs, stays."""

from tests.training.test_forgetting import expire, kept, mentions, points, train
from vaedemo import datasets
from vaedemo.app.trainings.own_data import clearing
from vaedemo.training import store


def test_expired_data_take_their_runs_along(own_settings):
    old, fresh = kept(), kept(50)
    digest, other = train(old), train(fresh)
    clearing.clear_expired()
    assert store.find(digest) is not None
    expire(old)
    clearing.clear_expired()
    assert mentions(own_settings, old.partition(":")[2], digest) == []
    assert datasets.at_hand(fresh) and store.find(other) is not None


def test_data_that_made_room_leave_their_runs_until_their_time_is_over(monkeypatch):
    name = kept()
    digest = train(name)
    monkeypatch.setenv("VAEDEMO_UPLOAD_KEPT_BYTES", "0")
    kept(50)
    assert not datasets.at_hand(name)
    clearing.clear_expired()
    assert store.find(digest) is not None
    expire(name)
    clearing.clear_expired()
    assert store.find(digest) is None


def test_runs_on_data_that_were_never_kept_stay():
    name = datasets.register(points())
    digest = train(name)
    clearing.clear_expired()
    assert store.find(digest) is not None

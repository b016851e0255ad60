"""What is no config, no list of configs and no name of a run: one sentence from each function of `vaedemo`."""

import pytest

import vaedemo as vd

CONFIG = vd.RunConfig(dataset="ring", hidden=(6,), epochs=1, train_size=100)
NO_CONFIG = [None, "digits", {"dataset": "digits"}, 3, [CONFIG], vd.RunConfig]
NO_LIST = ["digits", b"digits", None, 3, CONFIG, {"beta": [1]}, ["digits"], [CONFIG, None]]
NO_NAME = [None, 3, b"mnist-2d", ["mnist-2d"], CONFIG, ("mnist-2d",)]


def refused(function, *arguments, **keywords):
    with pytest.raises(vd.ConfigError) as caught:
        function(*arguments, **keywords)
    sentence = str(caught.value)
    assert sentence.endswith(".") and "\n" not in sentence and len(sentence) < 250
    return sentence


@pytest.mark.parametrize("nonsense", NO_CONFIG, ids=str)
@pytest.mark.parametrize("function", [vd.train, vd.fast], ids=lambda function: function.__name__)
def test_what_is_no_config(function, nonsense):
    assert refused(function, nonsense).startswith(
        'config accepts a RunConfig, such as RunConfig(dataset="digits"), got'
    )


@pytest.mark.parametrize("nonsense", NO_LIST, ids=str)
def test_what_is_no_list_of_configs(nonsense):
    assert "RunConfig" in refused(vd.sweep, nonsense)


@pytest.mark.parametrize("nonsense", NO_NAME, ids=str)
def test_what_is_no_name_of_a_run(nonsense):
    assert refused(vd.load, nonsense).startswith(
        'name accepts the name of a shipped run, such as "mnist-2d", or a digest'
    )


@pytest.mark.parametrize("name", ["", "mnist-3d", "../mnist-2d", "0" * 16, "0" * 100_000, "mnist-2d\x00"])
def test_a_name_that_no_run_has(name):
    with pytest.raises(LookupError, match="No run is called") as caught:
        vd.load(name)
    assert len(str(caught.value)) < 400 and "mnist-20d" in str(caught.value)


@pytest.mark.parametrize("name", ["on_progress", "should_stop", "on_download"])
def test_what_is_no_function(name):
    assert refused(vd.train, CONFIG, **{name: "print"}) == f"{name} accepts a function, or None, got 'print'."


def test_the_settings_of_a_sweep_may_come_from_a_generator():
    runs = vd.sweep(CONFIG.replace(seed=seed) for seed in (0, 1))
    assert [run.config.seed for run in runs] == [0, 1]

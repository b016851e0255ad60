"""The table of a page's link: typed reading, sentences for what is refused, one canonical form."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from vaedemo.app.shell.links import LONGEST_QUERY, TRACKING, LinkTable, Parameter, choice, config_parameters, name_text
from vaedemo.config import RunConfig
from vaedemo.rules import ConfigError, real, whole

TABLE = LinkTable(
    Parameter("run", "mnist-2d", name_text),
    Parameter("view", "", choice(("means", "samples"))),
    Parameter("temperature", 1.0, real(0, 3)),
    Parameter("seed", 0, whole(0, 1000)),
    *config_parameters("dataset", "hidden", "noise_variance", "likelihood"),
)
DEFAULTS = TABLE.read({}).values
QUICK = settings(max_examples=60, deadline=None, derandomize=True, database=None)


def test_an_empty_link_is_the_default_view():
    reading = TABLE.read({})
    assert reading.refusals == [] and TABLE.write(reading.values) == {}
    assert reading.values["run"] == "mnist-2d" and reading.values["present"] == 0 and reading.values["hidden"] == (400,)


def test_tracking_parameters_are_passed_over_in_silence_and_nothing_else_is():
    tracked = dict.fromkeys((*TRACKING, "utm_source", "utm_anything"), "x" * LONGEST_QUERY)
    reading = TABLE.read({"seed": "7", **tracked})
    assert reading.refusals == [] and TABLE.write(reading.values) == {"seed": "7"}
    assert len(TABLE.read({"utm": "1", "UTM_SOURCE": "1", "fbclid2": "1", "gclids": "1"}).refusals) == 4


def test_texts_become_typed_values():
    reading = TABLE.read({"temperature": "0.5", "seed": "7", "present": "1", "hidden": "64,32", "view": "means"})
    assert reading.refusals == []
    told = {name: reading.values[name] for name in ("temperature", "seed", "present", "hidden", "view")}
    assert told == {"temperature": 0.5, "seed": 7, "present": 1, "hidden": (64, 32), "view": "means"}


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"seed": "-1"}, "seed accepts a whole number from 0 to 1,000, got -1."),
        ({"temperature": "nan"}, "temperature accepts a number from 0 to 3, got 'nan'."),
        ({"view": "all"}, "view accepts one of means, samples, got 'all'."),
        (
            {"run": "../../etc"},
            "run accepts a run's name or digest: letters, digits and hyphens, at most 40, got '../../etc'.",
        ),
        ({"run": ""}, "run accepts a run's name or digest"),
        ({"run": "é"}, "run accepts a run's name or digest"),
        ({"run": "x" * 41}, "run accepts a run's name or digest"),
        ({"dataset": "cifar"}, "dataset accepts one of digits"),
        ({"present": "2"}, "present accepts a whole number from 0 to 1, got 2."),
        ({"seed": "1" * 201}, "seed accepts at most 200 characters in a link"),
        ({"wrong": "1"}, "This page's link has no 'wrong'; it accepts run, view, temperature, seed"),
        ({"<script>": "1"}, "This page's link has no '<script>'"),
    ],
    ids=str,
)
def test_what_is_wrong_is_refused_in_a_sentence_and_the_rest_is_kept(query, says):
    reading = TABLE.read(query | {"likelihood": "gaussian"})
    (refusal,) = reading.refusals
    assert refusal.startswith(says) and refusal.endswith(".") and len(refusal) < 300
    assert reading.values == DEFAULTS | {"likelihood": "gaussian"}


def test_each_wrong_value_gets_its_own_sentence():
    reading = TABLE.read({"seed": "x", "view": "y", "temperature": "2"})
    assert len(reading.refusals) == 2 and reading.values["temperature"] == 2.0


@pytest.mark.parametrize(
    "query", [{"seed": "1" * 100_000}, {"x" * 100_000: ""}, {str(n): "1" * 50 for n in range(2000)}]
)
def test_a_link_of_100_kilobytes_is_one_short_sentence(query):
    reading = TABLE.read(query)
    (refusal,) = reading.refusals
    assert f"at most {LONGEST_QUERY:,} are read" in refusal and len(refusal) < 200
    assert reading.values == DEFAULTS


@QUICK
@given(
    some.dictionaries(some.sampled_from(sorted(DEFAULTS)) | some.text(max_size=10), some.text(max_size=250), max_size=8)
)
def test_any_query_gives_sound_values(query):
    reading = TABLE.read(query)
    assert reading.values.keys() == DEFAULTS.keys()
    for name, parameter in TABLE.parameters.items():
        if reading.values[name] != parameter.default:
            assert parameter.rule(name, reading.values[name]) == reading.values[name]


VIEWS = some.fixed_dictionaries(
    {},
    optional={
        "run": some.from_regex(r"[a-z0-9]{1,20}", fullmatch=True),
        "view": some.sampled_from(["", "means", "samples"]),
        "temperature": some.floats(0, 3),
        "seed": some.integers(0, 1000),
        "hidden": some.lists(some.integers(1, 4096), min_size=1, max_size=6).map(tuple),
        "noise_variance": some.floats(1e-6, 1e6) | some.just("learned"),
        "likelihood": some.sampled_from([None, "bernoulli", "categorical"]),
        "present": some.sampled_from([0, 1]),
    },
)


@QUICK
@given(VIEWS)
def test_a_link_reopens_exactly_its_view(view):
    values = DEFAULTS | view
    query = TABLE.write(values)
    assert list(query) == [name for name in TABLE.parameters if values[name] != DEFAULTS[name]]
    reading = TABLE.read(query)
    assert reading.refusals == [] and reading.values == values
    assert TABLE.write(reading.values) == query


def test_a_page_may_have_its_own_defaults():
    own = Parameter("epochs", 3, whole(1, 20))
    epochs, dataset = config_parameters("epochs", "dataset", epochs=own)
    assert epochs is own and (dataset.name, dataset.default) == ("dataset", RunConfig.dataset)


def test_a_choice_accepts_nothing_too():
    rule = choice(("a", "b"))
    assert rule("view", "") == "" and rule("view", "b") == "b"
    with pytest.raises(ConfigError, match="one of a, b"):
        rule("view", "c")


def test_a_parameter_may_have_a_limit_of_its_own_for_its_text_and_all_others_keep_theirs():
    taken = []
    table = LinkTable(
        Parameter("long", "", lambda name, value: taken.append(value) or value, longest=392),
        Parameter("short", "", lambda name, value: taken.append(value) or value),
    )
    assert table.read({"long": "A" * 392, "short": "B" * 200}).refusals == []
    taken.clear()
    reading = table.read({"long": "A" * 393, "short": "B" * 201})
    assert [sentence.split(",")[0] for sentence in reading.refusals] == [
        "long accepts at most 392 characters in a link",
        "short accepts at most 200 characters in a link",
    ]
    assert taken == [], "no rule reads what is too long"

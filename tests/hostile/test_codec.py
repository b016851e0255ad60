"""10,000 hostile query strings against the pages' links and against `RunConfig`: read, or refused in a sentence."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from tests.app.pages import PAGES
from tests.hostile.queries import config_queries, page_queries, read, tables
from vaedemo.config import RunConfig
from vaedemo.rules import ConfigError

SHARE_OF_CONFIGS = 2_500
LONGEST_SENTENCE = 900  # one that lists all names of a page's link


def examples(count: int, shrink: bool = True):
    """Always the same ones, however long they take on a busy machine."""
    return settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def try_out(check, inputs: some.SearchStrategy, count: int, record_property, shrink: bool = True) -> None:
    """Call `check` with so many inputs, no fewer, and leave their number in the test's report."""
    tried = 0

    @examples(count, shrink)
    @given(inputs)
    def counted(each):
        nonlocal tried
        tried += 1
        check(each)

    counted()
    assert tried == count
    record_property("tried", tried)


def check_sentence(sentence: str) -> None:
    assert sentence.isprintable()
    assert len(sentence) < LONGEST_SENTENCE
    assert sentence.endswith((".", "…"))


def test_a_pages_link_is_read_to_sound_values_and_sentences(record_property):
    def check(page_and_query):
        page, query_string = page_and_query
        table = tables()[page]
        reading = table.read(read(query_string))
        assert reading.values.keys() == table.parameters.keys()
        for sentence in reading.refusals:
            check_sentence(sentence)
        canonical = table.write(reading.values)
        again = table.read(canonical)
        assert again.refusals == []
        assert again.values == reading.values
        assert table.write(again.values) == canonical

    of_any_page = some.sampled_from(PAGES).flatmap(lambda page: some.tuples(some.just(page), page_queries(page)))
    try_out(check, of_any_page, 10_000 - SHARE_OF_CONFIGS, record_property)


def test_a_query_is_a_config_or_one_sentence(record_property):
    def check(query_string):
        try:
            config = RunConfig.from_query(read(query_string))
        except ConfigError as error:
            check_sentence(str(error))
            return
        again = RunConfig.from_query(config.to_query())
        assert (again.digest, again.to_query()) == (config.digest, config.to_query())

    try_out(check, config_queries, SHARE_OF_CONFIGS, record_property)

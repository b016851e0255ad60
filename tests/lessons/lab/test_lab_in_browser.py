"""The lab in a real browser: Train, watch, Stop; joined by others, left and found again; and where things go wrong."""

import re

from playwright.sync_api import Page, expect

from tests.browser.fixtures import TRAINED
from tests.browser.reading import button, go_to, numbers, query, wait_for_query
from vaedemo.config import RunConfig
from vaedemo.training import engine, presets

SHORT = "hidden=32&epochs=3"
LONG = "hidden=32&epochs=200"  # of minutes, never waited for
EXAMPLE = re.compile("Until you train: MNIST digits")
FAST = presets.fast(RunConfig(hidden=(32,)))  # what the lab trains when nothing else is asked for
STEP = re.compile(r"Step [\d,]+ of [\d,]+")
NOT_KEPT = re.compile(r"stopped before its last epoch\. This is the model after \d+ epochs; it is not stored\.")
OTHER = re.compile("Another visitor waits for this same training: Stop takes only you off it")


def train(page: Page) -> None:
    """Click Train and see the progress come, or the end already: two epochs of a small network take 0.1 s."""
    button(page, "Train").click()
    page.get_by_test_id("stProgress").or_(page.get_by_text("Trained:")).first.wait_for()
    button(page, "Stop").or_(page.get_by_text("Trained:")).first.wait_for()


def wait_until_trained(page: Page) -> dict[str, str]:
    """The figures of the finished run, as soon as it is there."""
    expect(page.get_by_text("Trained:")).to_be_visible(timeout=TRAINED)
    expect(button(page, "Train again with another seed")).to_be_visible()
    return numbers(page)


def step(page: Page) -> int:
    """The training step that the page names."""
    text = page.get_by_text(STEP).first.inner_text()
    return int(re.search(r"Step ([\d,]+)", text).group(1).replace(",", ""))


def wait_for_step_above(page: Page, number: int) -> None:
    page.wait_for_function(
        """number => {
            const found = document.body.innerText.match(/Step ([\\d,]+) of/);
            return found && Number(found[1].replaceAll(",", "")) > number;
        }""",
        arg=number,
    )


def stop(page: Page) -> None:
    button(page, "Stop").click()
    expect(page.get_by_text(NOT_KEPT)).to_be_visible()


def kept(server, config: RunConfig) -> bool:
    return (server.cache / "runs" / config.digest / "metrics.json").is_file()


def test_a_training_is_watched_to_its_end_and_found_again(visit, server, wait_until_idle):
    page = visit(f"/lab?{SHORT}")
    expect(page.get_by_text(EXAMPLE)).to_be_visible()
    assert not kept(server, FAST.replace(epochs=3))
    train(page)
    wait_for_query(page, train="1")
    trained = wait_until_trained(page)
    assert kept(server, FAST.replace(epochs=3))
    assert float(trained["Test −ELBO"].split()[0]) < 400

    page.reload()
    assert wait_until_trained(page) == trained
    phone = visit(page.url.removeprefix(server.url), visitor="second", width=390, height=844)
    assert wait_until_trained(phone) == trained

    wait_until_idle(page)
    button(page, "Train again with another seed").click()
    wait_for_query(page, seed="1")
    expect(button(page, "Train")).to_be_visible()
    assert "train" not in query(page)


def test_the_first_step_s_button_trains_pressed_twice_and_found_again(visit, server):
    page = visit("/lab")
    button(page, "Train one yourself").dblclick()
    wait_for_query(page, step="yours", train="1")
    page.get_by_test_id("stProgress").wait_for()
    page.reload()
    wait_for_step_above(page, 0)
    other = visit(page.url.removeprefix(server.url), visitor="second")
    wait_for_step_above(other, 0)
    expect(other.get_by_text(OTHER)).to_be_visible()
    button(other, "Stop").click()
    expect(page.get_by_text("Stop ends it")).to_be_visible()
    button(page, "Stop").click()
    expect(page.get_by_text("stopped before its last epoch")).to_be_visible()


def test_an_exhibit_alone_shows_the_training_that_its_button_begins(visit):
    page = visit(f"/lab?only=exhibit&{LONG}&seed=8")
    train(page)
    wait_for_step_above(page, 0)
    stop(page)


def test_progress_moves_and_stop_shows_the_model_so_far(visit, server):
    page = visit(f"/lab?{LONG}&seed=1")
    train(page)
    wait_for_step_above(page, 0)
    first = step(page)
    wait_for_step_above(page, first)
    stop(page)
    assert "nats" in numbers(page)["Test −ELBO"]
    assert not kept(server, FAST.replace(epochs=200, seed=1))
    page.wait_for_function("!location.search.includes('train')")


def test_after_a_stop_the_same_settings_are_trained_to_the_end(visit, server):
    config = FAST.replace(epochs=12, seed=2)  # some ten seconds: enough to be stopped in
    page = visit("/lab?hidden=32&epochs=12&seed=2")
    train(page)
    wait_for_step_above(page, 0)
    stop(page)
    stopped = numbers(page)
    train(page)
    assert wait_until_trained(page) != stopped
    assert kept(server, config)


def test_two_visitors_share_one_training_and_one_can_leave(visit, server):
    link = f"/lab?{LONG}&seed=3"
    first, second = visit(link), visit(link, visitor="second")
    train(first)
    wait_for_step_above(first, 100)
    train(second)
    # The second comes in where the first one's training is: it does not start from nothing.
    wait_for_step_above(second, 0)
    assert step(second) > 100
    for page in (first, second):
        expect(page.get_by_text(OTHER)).to_be_visible()

    button(first, "Stop").click()
    expect(first.get_by_text("Another visitor is training exactly this now: press Train to join")).to_be_visible()
    before = step(second)
    wait_for_step_above(second, before)
    expect(second.get_by_text("Stop ends it")).to_be_visible()
    stop(second)


def test_a_visitor_who_waits_sees_the_run_of_another(visit):
    link = "/lab?hidden=32&epochs=12&seed=4"  # long enough for both to come while it runs
    first, second = visit(link), visit(link, visitor="second")
    train(first)
    train(second)
    assert wait_until_trained(first) == wait_until_trained(second)


def test_the_page_can_be_left_and_found_where_the_training_is(visit):
    page = visit(f"/lab?{LONG}&seed=5")
    train(page)
    wait_for_step_above(page, 0)
    first = step(page)
    go_to(page, "Sampling gallery")
    assert "Mean length of z" in numbers(page)
    go_to(page, "Training lab")
    wait_for_step_above(page, first)
    wait_for_query(page, seed="5")
    stop(page)


def test_a_reload_finds_the_training_and_its_visitor_is_not_another(visit):
    page = visit(f"/lab?{LONG}&seed=6")
    train(page)
    wait_for_step_above(page, 0)
    first = step(page)
    page.reload()
    wait_for_step_above(page, first)
    expect(page.get_by_text("Stop ends it")).to_be_visible()
    assert page.get_by_text(OTHER).count() == 0
    stop(page)


def test_broken_links_are_sentences_and_the_page_goes_on(visit):
    page = visit("/lab?beta=-1&latent_dim=1000000000&hidden=16&epochs=2")
    expect(page.get_by_text("beta accepts a number from 0 to 1e+06, got -1.0.")).to_be_visible()
    expect(page.get_by_text("latent_dim accepts a whole number from 1 to 1,024")).to_be_visible()
    assert numbers(page)
    page.wait_for_function("location.search === '?hidden=16&epochs=2'")
    train(page)
    wait_until_trained(page)


def test_a_server_s_cap_and_a_damaged_run(visit, another_server, own_settings, tmp_path, monkeypatch):
    cache = tmp_path / "another" / "cache"
    monkeypatch.setenv("VAEDEMO_CACHE", str(cache))
    config = FAST.replace(hidden=(16,), epochs=2, seed=7)
    run = engine.train(config)
    weights = cache / "runs" / run.digest / "weights.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with another_server(VAEDEMO_MAX_EPOCHS="3") as server:
        page = visit("/lab?step=explore", server=server)
        expect(page.get_by_label("Epochs", exact=True)).to_have_value("3")
        page = visit("/lab?epochs=4", server=server)
        expect(page.get_by_text("epochs accepts a whole number from 1 to 3, got 4.")).to_be_visible()

        page = visit("/lab?hidden=16&epochs=2&seed=7", server=server)
        expect(page.get_by_text("damaged and was set aside")).to_be_visible()
        assert len(list((cache / "aside").iterdir())) == 1
        train(page)
        trained = wait_until_trained(page)
        assert trained["Test −ELBO"] == f"{run.metrics['test_negative_elbo']:.2f} nats"
        assert page.get_by_text("damaged").count() == 0
        assert kept(server, config)
        page.context.close()


def test_where_the_cache_cannot_be_written_the_run_is_shown_and_said_not_to_be_kept(visit, another_server, tmp_path):
    (tmp_path / "a-file").write_text("no folder can be below this")
    with another_server(VAEDEMO_CACHE=str(tmp_path / "a-file" / "cache")) as server:
        page = visit("/lab?hidden=16&epochs=2", server=server)
        train(page)
        wait_until_trained(page)
        expect(page.get_by_text("This run could not be kept on disk")).to_be_visible()
        page.reload()
        wait_until_trained(page)
        expect(page.get_by_text("This run could not be kept on disk")).to_be_visible()
        gallery = visit("/gallery", server=server)
        assert numbers(gallery)
        page.context.close()

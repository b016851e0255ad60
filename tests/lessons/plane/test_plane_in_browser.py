"""The explorer in a real browser: its frames, its images against the server's, hands of every kind, the link."""

import base64
import json

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from tests.browser.reading import cells, numbers, wait_for_query
from vaedemo import datasets, models
from vaedemo.analysis import portable
from vaedemo.app.components import explorer
from vaedemo.config import IMAGE_LIKELIHOODS, RunConfig
from vaedemo.training import store

# One pointermove before each of fifty frames, round a circle; the frames drawn and the places shown in them.
CIRCLE = """async root => {
    const plane = root.querySelector(".plane");
    const box = plane.getBoundingClientRect();
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    const first = Number(root.dataset.frames);
    const places = new Set();
    for (let turn = 0; turn < 50; turn++) {
        const angle = turn / 10;
        plane.dispatchEvent(new PointerEvent("pointermove", {
            pointerType: "mouse",
            clientX: box.left + box.width * (0.5 + 0.3 * Math.cos(angle)),
            clientY: box.top + box.height * (0.5 + 0.3 * Math.sin(angle)),
        }));
        await frame();
        places.add(root.shown.place.join());
    }
    return [Number(root.dataset.frames) - first, places.size];
}"""
SHOWN = "root => ({place: root.shown.place, mean: [...root.shown.mean]})"
DECODED = """root => new Promise((tell) => {
    const look = () => (root.shown ? tell() : requestAnimationFrame(look));
    look();
})"""
PIXELS = """canvas => [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data]"""


def explored(page: Page):
    """The explorer, with its decoder."""
    found = page.locator(".explorer")
    found.locator(".readout dd").first.wait_for()
    found.evaluate(DECODED)
    return found


def hover(page: Page, root, x: float, y: float):
    """Move a mouse to a share of the plane's box, and wait for the frame."""
    root.locator(".plane").scroll_into_view_if_needed()
    box = root.locator(".plane").bounding_box()
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
    root.evaluate("() => new Promise(requestAnimationFrame)")
    root.evaluate("() => new Promise(requestAnimationFrame)")


def check_image(root, run, base: torch.Tensor, axes=(0, 1)):
    """What is on show is the server's decode, to 1/255 in every pixel; so are the canvas's own pixels."""
    shown = root.evaluate(SHOWN)
    z = portable.on_plane(base, axes, torch.tensor([shown["place"]]))
    expected = run.model.decode(z).mean[0].flatten().numpy()
    assert np.abs(np.array(shown["mean"]) - expected).max() < 1 / 255
    painted = np.array(root.locator("canvas.image").evaluate(PIXELS)).reshape(-1, 4)
    assert np.abs(painted[:, 0] / 255 - expected).max() < 1 / 255 + 1e-6
    assert (painted[:, 3] == 255).all()
    return shown["place"]


def test_each_frame_has_the_image_of_where_the_pointer_is(visit):
    page = visit("/plane?step=explore")
    frames, places = explored(page).evaluate(CIRCLE)
    assert frames == 50 and places >= 49  # the first frame may still show the place before


@pytest.mark.parametrize("link", ["/plane", "/plane?run=fashion-2d&reach=12"])
def test_the_image_is_the_server_s_decode(visit, link):
    page = visit(link)
    root = explored(page)
    run = store.load("fashion-2d" if "fashion" in link else "mnist-2d")
    seen = {tuple(check_image(root, run, torch.zeros(2)))}
    for x, y in ((0.3, 0.3), (0.72, 0.41), (0.97, 0.02), (0.12, 0.9)):
        hover(page, root, x, y)
        seen.add(tuple(check_image(root, run, torch.zeros(2))))
    assert len(seen) == 5


def test_far_away_and_off_the_axes_the_image_is_the_server_s_decode(visit):
    root = explored(visit("/plane?z1=60&z2=-99.5"))
    assert check_image(root, store.load("mnist-2d"), torch.zeros(2)) == [60, -99.5]
    root = explored(visit("/plane?run=fashion-20d&across=7&up=3&base=image&image=5&z1=1.5&z2=-2"))
    run = store.load("fashion-20d")
    images = datasets.first_view("fashion")[0].as_data("grey")
    assert check_image(root, run, run.model.encode(images[5:6]).mean[0], (6, 2)) == [1.5, -2]


def test_a_point_lands_where_the_server_puts_it(visit):
    root = explored(visit("/plane?run=ring-2d&z1=0.8&z2=-1.1"))
    expected = store.load("ring-2d").model.decode(torch.tensor([[0.8, -1.1]])).mean[0]
    assert np.allclose(root.evaluate(SHOWN)["mean"], expected.numpy(), atol=1e-5)


def test_where_the_pointer_rests_z_stays_and_the_weights_are_not_sent_again(visit, wait_until_idle):
    page = visit("/plane?step=explore")
    received = []
    root = explored(page)
    before = numbers(page)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.webSocketFrameReceived", lambda event: received.append(len(event["response"]["payloadData"])))
    hover(page, root, 0.7, 0.3)
    place = root.evaluate(SHOWN)["place"]
    wait_for_query(page, z1=f"{place[0]:g}", z2=f"{place[1]:g}")
    wait_until_idle(page)
    assert numbers(page) != before
    assert numbers(page)["z"] == f"({place[0]:.3f}, {place[1]:.3f})"
    assert received
    assert sum(received) < 300_000  # base64; the weights alone are 1.7 MB so written
    # On the way out z returns to where it rested.
    page.mouse.move(5, 5)
    root.evaluate("() => new Promise(requestAnimationFrame)")
    assert root.evaluate(SHOWN)["place"] == place
    shown = root.evaluate(SHOWN)
    page.reload()
    wait_until_idle(page)
    assert explored(page).evaluate(SHOWN) == shown


def test_the_words_beside_the_image_are_the_page_s_numbers(visit):
    page = visit("/plane?run=mnist-20d&base=image&image=3&z1=0.5&z2=2")
    words = explored(page).locator(".readout dd").all_inner_texts()
    shown = numbers(page)
    assert words[0] == "(0.50, 2.00)"
    assert words[1] == f"{float(shown['Length of z']):.2f}"
    assert words[2] == f"{float(shown['log p(z)'].split()[0]):.2f} nats".replace("-", "−")
    assert words[3] == f"{shown['Its class']}, at {float(shown['Nearest code']):.2f}"


def test_arrow_keys_move_z(visit):
    page = visit("/plane?reach=6")
    plane = explored(page).locator(".plane")
    plane.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowDown"):
        plane.press(key)
    wait_for_query(page, z1="0.24", z2="-0.6")
    plane.press("Home")
    page.wait_for_url(lambda url: "z1" not in url)


def test_a_finger_moves_z_and_a_click_on_the_manifold_too(visit):
    page = visit("/plane?reach=6&side=3", width=390, height=844)
    root = explored(page)
    root.evaluate(
        """root => {
            const plane = root.querySelector(".plane");
            plane.setPointerCapture = () => {};
            const box = root.querySelector(".over").getBoundingClientRect();
            const send = (type, x, y) => plane.dispatchEvent(new PointerEvent(type, {
                pointerType: "touch", pointerId: 7, button: 0,
                clientX: box.left + x * box.width, clientY: box.top + y * box.height }));
            send("pointermove", 0.9, 0.9); // no finger is down yet
            send("pointerdown", 0.5, 0.5);
            send("pointermove", 0.8, 0.2);
            send("pointerup", 0.8, 0.2);
        }"""
    )
    page.wait_for_url(lambda url: "z1=" in url and "z2=" in url)
    x, y = root.evaluate(SHOWN)["place"]
    assert 2 < x < 5 and 2 < y < 5
    cells(page, "9 images decoded from codes on a grid of quantiles").nth(0).click()
    wait_for_query(page, z1="-0.967", z2="0.967")
    expect(root.locator(".readout dd").first).to_have_text("(−0.97, 0.97)")
    check_image(root, store.load("mnist-2d"), torch.zeros(2))


@pytest.mark.parametrize(
    "settings",
    [
        {"hidden": (9, 5)},
        *({"hidden": (9,), "likelihood": likelihood, "latent_dim": 4, "levels": 5} for likelihood in IMAGE_LIKELIHOODS),
        {"network": "linear", "hidden": ()},
        {"model": "autoencoder", "hidden": (9,), "sparsity": 0.1, "sparsity_kind": "l1"},
    ],
    ids=str,
)
def test_every_likelihood_s_mean_is_computed_in_the_browser(browser, settings):
    torch.manual_seed(0)
    model = models.build(RunConfig(**settings), (1, 6, 5)).eval().requires_grad_(False)
    for parameter in model.decoder.parameters():
        parameter.mul_(3)
    layers = portable.layers(model)
    packed = explorer.pack_layers(layers.weights, layers.mean, layers.levels, layers.shape).content
    z = 3 * torch.randn(20, model.latent_dim, generator=torch.Generator().manual_seed(1))
    z[0] = 0
    decoded = in_the_browser(browser, packed, z.tolist(), z[:, :2].tolist())
    expected = model.decode(z).mean.flatten(1).numpy()
    assert np.abs(decoded - expected).max() < 1e-4
    assert expected.std() > 0.05


def test_a_sheet_is_exact_at_its_nodes_and_mixed_between(browser):
    nodes = torch.rand(5, 5, 1, 3, 2, generator=torch.Generator().manual_seed(2)).numpy()
    places = [[-4, -4], [4, 4], [0, -2], [1, 2], [50, -4]]
    decoded = in_the_browser(browser, explorer.pack_sheet(nodes, 4.0).content, places, places)
    halfway = (nodes[3, 2] + nodes[3, 3]) / 2
    expected = [nodes[0, 0], nodes[4, 4], nodes[1, 2], halfway, nodes[0, 4]]
    assert np.abs(decoded - np.array([each.ravel() for each in expected])).max() <= 0.5 / 255 + 1e-6


def in_the_browser(browser, packed: bytes, codes: list, places: list) -> np.ndarray:
    """What decode.js makes of codes, on a blank page."""
    length = int.from_bytes(packed[:4], "little")
    page = browser.new_page()
    page.add_script_tag(content=explorer.means() + explorer.source("explorer/decode.js"))
    decoded = page.evaluate(
        """([header, text, codes, places]) => {
            const values = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
            const decoder = makeDecoder({ header, values });
            return codes.map((z, index) => [...decoder.decode(z, places[index])]);
        }""",
        [json.loads(packed[4 : 4 + length]), base64.b64encode(packed[4 + length :]).decode(), codes, places],
    )
    page.close()
    return np.array(decoded)


def test_the_film_stays_through_a_change_of_the_manifold(visit, wait_until_idle):
    page = visit("/plane?step=explore")
    explored(page)
    film = page.locator(".film")
    film.evaluate("film => { film.dataset.seen = 'yes'; }")
    page.get_by_test_id("stMain").get_by_role("slider", name="Codes per side").press("ArrowRight")
    wait_for_query(page, side="11")
    wait_until_idle(page)
    expect(page.get_by_role("grid", name="121 images decoded")).to_be_visible()
    expect(film).to_have_attribute("data-seen", "yes")


def test_another_run_has_another_film(visit, wait_until_idle):
    page = visit("/plane?step=explore")
    explored(page)
    wait_until_idle(page)
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name="Ring of points, 2 latent axes").click()
    wait_for_query(page, run="ring-2d")
    expect(page.get_by_text("The plane of z, bent by the decoder")).to_be_visible()

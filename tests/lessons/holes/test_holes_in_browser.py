"""The page on holes in a real browser: z is dragged in one plane and moves in both; a sample is clicked."""

from tests.browser.reading import box_at_rest, cells, numbers, query, wait_for_query


def test_z_is_dragged_in_one_plane_and_moves_in_both(visit, wait_until_idle):
    page = visit("/holes?window=prior&z1=0&z2=0")
    wait_until_idle(page)
    planes = [page.locator(f"[aria-label^='Codes of the {kind} by class']") for kind in ("Autoencoder", "VAE")]
    before = [plane.get_attribute("aria-label") for plane in planes]
    # The plot's middle lies right of and above the canvas's: z is found where the cursor says that it can be taken.
    box = box_at_rest(planes[0])
    centre = find_handle(page, planes[0], box)
    page.mouse.move(*centre)
    page.mouse.down()
    page.mouse.move(centre[0] + 60, centre[1] - 40, steps=4)
    page.mouse.up()
    page.wait_for_url(lambda url: "z1=0&" not in url and "z1=" in url)
    wait_until_idle(page)
    place = query(page)
    assert float(place["z1"]) > 0.3 and float(place["z2"]) > 0.2
    after = [plane.get_attribute("aria-label") for plane in planes]
    assert all(old != new for old, new in zip(before, after, strict=True))
    assert len({label.split("z at ")[1] for label in after}) == 1


def find_handle(page, plane, box) -> tuple[float, float]:
    """Where the pointer becomes a hand: near the middle of the plot."""
    for dx in range(-20, 60, 10):
        for dy in range(-40, 30, 10):
            place = (box["x"] + box["width"] / 2 + dx, box["y"] + box["height"] / 2 + dy)
            page.mouse.move(*place)
            if plane.evaluate("canvas => canvas.style.cursor") == "grab":
                return place[0] + 5, place[1] + 5
    raise AssertionError("z cannot be taken hold of")


def test_a_click_on_a_sample_moves_z_and_a_reload_restores_it(visit, wait_until_idle):
    page = visit("/holes?step=explore")
    assert len(numbers(page)) == 5
    cells(page, "VAE, the same z: 25 samples; a click moves z there").nth(3).click()
    page.wait_for_url(lambda url: "z1=" in url and "z2=" in url)
    wait_until_idle(page)
    place = query(page)
    page.reload()
    wait_until_idle(page)
    assert query(page) == place
    page.get_by_role("spinbutton", name="z₁").fill("2.5")
    page.keyboard.press("Enter")
    wait_for_query(page, z1="2.5")

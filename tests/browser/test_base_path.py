"""The app under a path of its own, behind a proxy: links inside it stay inside, and each page has its own title."""

from playwright.sync_api import expect

from tests.browser.reading import go_to

BASE = "/courses/vae"


def test_links_between_pages_stay_under_the_base_path_and_titles_follow(visit, another_server):
    with another_server(base=BASE) as server:
        page = visit("/denoising?step=explore", server=server, settled=False)
        expect(page).to_have_title("Denoising · vaedemo")
        link = page.get_by_test_id("stMain").get_by_role("link", name="A taxonomy of generative models")
        link.click()
        page.wait_for_url(f"{server.url}/taxonomy")
        page.get_by_role("heading", name="A taxonomy of generative models", exact=True).wait_for()
        expect(page).to_have_title("A taxonomy of generative models · vaedemo")
        page.close()  # before its server, which it would look for


def test_scripts_and_decoders_are_found_below_the_base_path(visit, another_server):
    with another_server(base=BASE) as server:
        page = visit("/plane", server=server)
        page.locator(".explorer[data-frames]").wait_for()
        page.wait_for_function(
            """performance.getEntriesByType("resource")
                .some(({ name }) => name.includes("/courses/vae/vaedemo/") && name.endsWith(".bin"))"""
        )
        go_to(page, "The whole VAE at a glance")
        page.locator("[data-testid=stMain] canvas").first.wait_for()
        page.close()  # before its server

"""The app under a path of its own, behind a proxy: links inside it stay inside, and each page has its own title."""

from playwright.sync_api import expect

BASE = "/courses/vae"


def test_links_between_pages_stay_under_the_base_path_and_titles_follow(visit, another_server):
    with another_server(base=BASE) as server:
        page = visit("/denoising", server=server, settled=False)
        expect(page).to_have_title("Denoising · vaedemo")
        link = page.get_by_test_id("stMain").get_by_role("link", name="A taxonomy of generative models")
        link.click()
        page.wait_for_url(f"{server.url}/taxonomy")
        page.get_by_role("heading", name="A taxonomy of generative models", exact=True).wait_for()
        expect(page).to_have_title("A taxonomy of generative models · vaedemo")
        page.close()  # before its server, which it would look for

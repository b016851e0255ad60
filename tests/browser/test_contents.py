"""The menu of pages: where one is, there and back within one visit, and out of the way on a phone."""

from playwright.sync_api import expect

from tests.browser.reading import go_to, menu, numbers, query, wait_for_query


def action(page, name: str):
    """One of the buttons above the menu."""
    return page.get_by_role("group", name="This view").get_by_role("button", name=name, exact=True)


def here(page):
    return menu(page).locator("a[aria-current=page]")


def test_it_marks_the_page_and_back_leads_back_without_loading_the_app_again(visit):
    page = visit("/kl")
    expect(here(page)).to_have_text("compare_arrowsKL of Gaussians")
    page.evaluate("window.sameVisit = true")
    go_to(page, "Sampling gallery")
    expect(here(page)).to_contain_text("Sampling gallery")
    assert numbers(page)
    page.go_back()
    expect(page.get_by_role("heading", name="KL of Gaussians", exact=True)).to_be_visible()
    expect(here(page)).to_contain_text("KL of Gaussians")
    assert page.evaluate("window.sameVisit")


def test_pressed_twice_it_is_one_step_back(visit):
    page = visit("/kl")
    assert numbers(page)
    before = page.evaluate("history.length")
    menu(page).get_by_role("link", name="Sampling gallery", exact=True).dblclick()
    expect(page.get_by_role("heading", name="Sampling gallery", exact=True)).to_be_visible()
    assert numbers(page)
    assert page.evaluate("history.length") == before + 1
    page.go_back()
    expect(page.get_by_role("heading", name="KL of Gaussians", exact=True)).to_be_visible()


def test_the_next_page_is_read_from_its_top_and_the_home_page_has_no_name_in_the_address(visit):
    page = visit("/kl")
    assert numbers(page)
    page.locator("[data-testid=stMain]").evaluate("main => main.scrollTo(0, 600)")
    go_to(page, "The whole VAE at a glance")
    page.wait_for_function("location.pathname === '/'")
    expect(here(page)).to_contain_text("The whole VAE at a glance")
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop < 50")


def test_on_a_phone_it_makes_room_for_the_page_that_was_chosen(visit):
    page = visit("/kl", width=390, height=844)
    assert numbers(page)
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(menu(page)).to_be_in_viewport()
    go_to(page, "Reconstruction loss")
    expect(menu(page)).not_to_be_in_viewport()


def test_inside_another_page_it_stays_so(visit):
    page = visit("/kl?embed=true&embed_options=show_toolbar")
    go_to(page, "Reconstruction loss")
    assert {"embed": "true", "embed_options": "show_toolbar"}.items() <= query(page).items()


def test_the_link_of_the_view_is_copied(visit):
    page = visit("/gallery?side=3&seed=7")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    assert numbers(page)
    action(page, "Copy link").click()
    expect(action(page, "Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").endswith("/gallery?seed=7&side=3")
    expect(action(page, "Copy link")).to_be_visible()


def test_where_the_clipboard_is_refused_it_is_said_where_the_link_stands(visit):
    page = visit("/kl")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
    assert numbers(page)
    action(page, "Copy link").click()
    expect(action(page, "In the address bar")).to_be_visible()


def test_the_projector_shows_the_same_view_and_back_leads_out_of_it(visit):
    page = visit("/gallery?side=3&seed=7")
    seed, cells = page.get_by_role("spinbutton", name="Seed"), page.locator(".cell")
    expect(seed).to_have_value("7")
    cells.first.wait_for()
    shown = cells.count()
    assert shown >= 9
    action(page, "Projector view").click()
    wait_for_query(page, side="3", seed="7", present="1")
    expect(page.get_by_role("button", name="Leave the projector view")).to_be_visible()
    expect(menu(page)).to_have_count(0)
    expect(seed).to_have_value("7")
    expect(cells).to_have_count(shown)
    page.go_back()
    expect(menu(page)).to_be_visible()
    wait_for_query(page, side="3", seed="7")
    expect(seed).to_have_value("7")
    expect(cells).to_have_count(shown)

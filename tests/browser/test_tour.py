"""The tour from end to end, as a newcomer takes it: eight clicks, each with what happened behind it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.window import Window

STEPS = (
    ("1. Ask", "executed s3.list_buckets"),
    ("2. Be asked", "executed s3.list_files"),
    ("3. Confirm", "confirmed s3.delete_file"),
    ("4. Refuse", "refused s3.create_bucket"),
    ("5. Workflow", "has succeeded"),
    ("6. Stop", "has stopped"),
    ("7. Teach", "executed s3.list_files"),
    ("8. Undo", "confirmed lifecycle.restore"),
)


def test_each_step_of_the_tour_shows_what_happened_behind_it(open_window: Callable[..., Window]) -> None:
    window = open_window("alice")
    page = window.page
    page.get_by_role("button", name="Take the tour: 8 steps").click()
    tour = page.get_by_role("region", name="Tour")

    for title, came in STEPS:
        expect(tour.get_by_role("heading")).to_have_text(title)
        tour.locator(".tour-buttons button").first.click()
        expect(tour.locator(".came, .problem")).to_contain_text(came, timeout=120_000)
        assert window.offences() == [], title
        tour.get_by_role("button", name="Next").or_(tour.get_by_role("button", name="Finish")).click()

    expect(tour).to_contain_text("That was the tour.")
    tour.get_by_role("button", name="Done").click()
    expect(page.get_by_role("button", name="Take the tour: 8 steps")).to_be_visible()

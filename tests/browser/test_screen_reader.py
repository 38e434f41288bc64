"""What a screen reader is told after a vote, a save and an error, and how often."""

import pytest

from tests.factories import ProjectFactory

SPOKEN = """() => {
  const live = document.querySelector("[data-counts=id_summary] + [aria-live]");
  window.heard = [];
  new MutationObserver(() => window.heard.push(live.textContent))
    .observe(live, {childList: true, characterData: true, subtree: true});
}"""


@pytest.fixture
def writer(live_server, context, client):
    """A page of the browser in which the owner of a draft is signed in."""
    project = ProjectFactory(status="draft", summary="One two three.")
    client.force_login(project.owner)
    cookie = client.cookies["session"].value
    context.add_cookies([{"name": "session", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/en/projects/{project.pk}/edit/what/")
    return page


@pytest.mark.django_db(transaction=True)
def test_words_left_are_spoken_when_the_writer_rests_not_at_each_key(writer):
    writer.evaluate(SPOKEN)

    writer.locator("#id_summary").press("Control+End")
    writer.locator("#id_summary").press_sequentially(" four five six", delay=30)
    writer.wait_for_timeout(2500)

    heard = writer.evaluate("window.heard")
    assert len(heard) == 1
    assert heard[0].endswith("194")
    assert (
        writer.locator("[data-counts=id_summary]").get_attribute("aria-hidden")
        == "true"
    )


@pytest.mark.django_db(transaction=True)
def test_focus_tells_that_a_step_was_saved(writer):
    writer.get_by_role("button", name="Save and return to the list").click()

    focused = writer.evaluate("document.activeElement.textContent")
    assert "Saved at" in focused


@pytest.mark.django_db(transaction=True)
def test_focus_tells_what_is_wrong(writer):
    writer.fill("#id_website", "broken")
    writer.get_by_role("button", name="Save and continue").click()

    focused = writer.evaluate("document.activeElement.textContent")
    assert "Enter a valid URL." in focused

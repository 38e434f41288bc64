"""The try-out page works in a real browser under the strict policy, from our own host only."""

from urllib.parse import urlsplit

import pytest

from accounts.api_key.models import ApiKey
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_api_is_tried_out_in_the_browser(page, live_server):
    said, hosts = [], set()
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))

    page.goto(f"{live_server.url}/api/docs/")
    page.wait_for_selector("#operations-projects-projects_list >> visible=true")

    described = page.request.get(f"{live_server.url}/api/v1/openapi.json").json()[
        "paths"
    ]
    assert page.locator(".opblock").count() == sum(
        len(methods) for methods in described.values()
    )
    assert hosts - {""} == {urlsplit(live_server.url).netloc}
    assert [text for text in said if "Security Policy" in text] == []


def test_a_key_can_be_entered_and_is_sent(page, live_server):
    """The dialog opens, takes the key, and the next request of the page carries it."""
    _key, text = ApiKey.objects.make(factories.UserFactory(), "harvest", ["read"], 30)
    said, sent = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on(
        "request", lambda request: sent.append(request.headers.get("authorization", ""))
    )

    page.goto(f"{live_server.url}/api/docs/")
    page.get_by_role("button", name="Authorize").first.click()
    page.locator(".dialog-ux input").first.fill(text)
    page.locator(".dialog-ux").get_by_role(
        "button", name="Apply credentials"
    ).first.click()
    page.locator(".dialog-ux").get_by_role("button", name="Close").last.click()
    page.locator("#operations-changes-changes_list button").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    page.locator(".live-responses-table").wait_for()

    assert f"Bearer {text}" in sent
    assert "200" in page.locator(".live-responses-table").inner_text()
    assert [line for line in said if "Security Policy" in line] == []

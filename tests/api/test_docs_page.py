"""The try-out page works in a real browser under the strict policy, from our own host only."""

from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_api_is_tried_out_in_the_browser(page, live_server):
    said, hosts = [], set()
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))

    page.goto(f"{live_server.url}/api/docs/")
    page.wait_for_selector("#operations-v1-v1_projects_list >> visible=true")

    assert page.locator(".opblock").count() == 13
    assert hosts - {""} == {urlsplit(live_server.url).netloc}
    assert [text for text in said if "Security Policy" in text] == []

"""How the tests speak to the API, and the one shape of its refusals."""

import json

from django.test import Client

LIST = "/api/v1/projects/"
COMPLETE = {
    "title": "Telecentres",
    "summary": "Broadband for villages.",
    "activity_type": "PROJECT",
    "organization_name": "Ministry of ICT",
    "stakeholder_type": "GOV",
    "contact_name": "Amina",
    "contact_email": "amina@ministry.example",
    "country": "KE",
    "coverage": "NATIONAL",
    "timescale": "ongoing",
    "start_year": 2024,
    "main_action_line": "C2",
    "sdgs": ["9", "4"],
}


def signed_in(user):
    client = Client()
    if user:
        client.force_login(user)
    return client


def send(client, method, url, body, **headers):
    return client.generic(
        method, url, json.dumps(body), content_type="application/json", headers=headers
    )


def refused(response, status, *errors):
    """Whether an answer is exactly the problem body with these (field, code, detail)."""
    titles = {
        400: "Bad Request",
        401: "Unauthorized",
        403: "Forbidden",
        404: "Not Found",
        405: "Method Not Allowed",
        409: "Conflict",
        410: "Gone",
        412: "Precondition Failed",
        413: "Request Entity Too Large",
        415: "Unsupported Media Type",
        422: "Unprocessable Entity",
        429: "Too Many Requests",
    }
    assert response.headers["Content-Type"] == "application/problem+json"
    assert (response.status_code, response.json()) == (
        status,
        {
            "type": "about:blank",
            "title": titles[status],
            "status": status,
            "detail": errors[0][2],
            "errors": [
                {"field": f, "code": code, "detail": detail}
                for f, code, detail in errors
            ],
        },
    )

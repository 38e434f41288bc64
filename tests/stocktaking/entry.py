"""What a person fills in on the entry form, as the browser posts it."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from stocktaking.views.submissions import stamp

COMPLETE = {
    "title": "Telecentres of the coast",
    "language": "en",
    "activity_type": "PROJECT",
    "summary": "Forty telecentres bring broadband to fishing villages.",
    "website": "https://telecentres.example/",
    "organisation_name": "Ministry of Fisheries",
    "stakeholder_type": "GOV",
    "partners": "",
    "country": "KE",
    "coverage": "NATIONAL",
    "timescale": "ongoing",
    "start_year": "2023",
    "end_year": "",
    "main_action_line": "C2",
    "other_action_lines": ["C4"],
    "sdgs": ["9", "14"],
    "target_groups": ["RURAL"],
    "results": "1,200 people trained.",
    "contact_name": "Amina Otieno",
    "contact_email": "amina@ministry.example",
}


def post(client, project, button="save", **changes):
    """Press a button of the form; `changes` are made to a complete entry, None leaves out."""
    data = COMPLETE | {"stamp": stamp(project), button: "1"} | changes
    sent = {name: value for name, value in data.items() if value is not None}
    return client.post(reverse("stocktaking:project-edit", args=[project.pk]), sent)


def upload(name="photo.png", content=None):
    if content is None:
        target = io.BytesIO()
        Image.new("RGB", (800, 600), "teal").save(target, "PNG")
        content = target.getvalue()
    return SimpleUploadedFile(name, content, content_type="image/png")

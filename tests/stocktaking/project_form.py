"""What a person fills in on the entry form, as the browser posts it."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from stocktaking.project.forms import STEPS
from stocktaking.revision.models import Revision
from stocktaking.submission.drafts import Draft, step_of

COMPLETE = {
    "title": "Telecentres of the coast",
    "language": "en",
    "activity_type": "PROJECT",
    "summary": "Forty telecentres bring broadband to fishing villages.",
    "website": "https://telecentres.example/",
    "organization_name": "Ministry of Fisheries",
    "stakeholder_type": "GOV",
    "partners": "",
    "country": "KE",
    "coverage": "NATIONAL",
    "timescale": "ongoing",
    "start_date": "2023",
    "end_date": "",
    "main_action_line": "C2",
    "other_action_lines": ["C4"],
    "sdgs": ["9", "14"],
    "target_groups": ["RURAL"],
    "results": "1,200 people trained.",
    "contact_name": "Amina Otieno",
    "contact_email": "amina@ministry.example",
}


def draft_of(record):
    return Draft("revision" if isinstance(record, Revision) else "project", record)


def versions(record, slug):
    """What the page of this step, opened now, would send back."""
    step = next(step for step in STEPS if step.slug == slug)
    fresh = type(record).objects.get(pk=record.pk)
    return draft_of(fresh).form(step).versions()


def post_step(client, record, slug, seen=None, headers=None, **changes):
    """Press the button of a step; `changes` are made to a complete entry, None leaves out."""
    step = next(step for step in STEPS if step.slug == slug)
    data = {name: COMPLETE[name] for name in step.fields if name in COMPLETE}
    data |= {
        "versions": versions(record, slug) if seen is None else seen,
        "next": "1",
    } | changes
    sent = {name: value for name, value in data.items() if value is not None}
    return client.post(draft_of(record).step_url(step), sent, headers=headers)


def post(client, record, **changes):
    """Fill in every step; the answer is that of the step in which the last change was made, else
    of the last step."""
    fields = [name for name in changes if name != "remove_image"]
    wanted = step_of(fields[-1]).slug if fields else STEPS[-1].slug
    answer = None
    for step in STEPS:
        own = {n: v for n, v in changes.items() if n in step.fields}
        if step.slug == "evidence" and "remove_image" in changes:
            own["remove_image"] = changes["remove_image"]
        response = post_step(client, record, step.slug, **own)
        answer = response if step.slug == wanted else answer
    return answer


def upload(name="photo.png", content=None):
    if content is None:
        target = io.BytesIO()
        Image.new("RGB", (800, 600), "teal").save(target, "PNG")
        content = target.getvalue()
    return SimpleUploadedFile(name, content, content_type="image/png")

"""What the drill of reports runs inside the portal: ask for a report, and look at what came of it.

Scripts for `manage.py shell`; the last line that each prints is JSON.
"""

ASK = """
import json
from accounts.user.models import User
from reports.build.tasks import start_builds
from reports.publication.models import Publication

officer = User.objects.get(email="secretariat@demo.example")
publication = Publication.objects.create(
    series="global", language="{language}", requested_by=officer
).move("build", officer)
start_builds()
print(json.dumps(publication.pk))
"""
LOOK = """
import hashlib, json
from django.core.files.storage import default_storage
from django.utils import translation
from reports.build.models import Build, Step
from reports.output.models import artefact_folder
from reports.output.writers import WRITERS
from reports.publication.models import Publication

publication = Publication.objects.get(pk={pk})
snapshot = publication.snapshots.get()
files = list(publication.artefacts.all())
differing = []
with translation.override(publication.language):
    for file in files:
        anew = WRITERS[file.format](snapshot)
        with file.file.open() as stored:
            if not stored.read() == anew or hashlib.sha256(anew).hexdigest() != file.sha256:
                differing.append(file.format)
print(json.dumps({{
    "status": publication.status,
    "versions": publication.version,
    "formats": sorted(file.format for file in files),
    "differing": differing,
    "on disk": len(default_storage.listdir(artefact_folder(publication.pk, 1))[1]),
    "ends": [
        sum(line[1] == "done" for line in step.log)
        for step in Step.objects.filter(build__publication=publication)
    ],
    "live": Build.objects.live().count() + Step.objects.live().count(),
    "records": [snapshot.records.count(), snapshot.figures["total"]],
}}))
"""

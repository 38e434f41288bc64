"""Records around an entry for the tests; the entry itself comes from tests/factories.py."""

from stocktaking.models import Revision
from stocktaking.workflow import Status
from tests.factories import ProjectFactory


def revision_of(project=None, status="draft", **changes):
    """A revision in the state that the test names; one field is changed when nothing is said."""
    project = project or ProjectFactory(status=Status.PUBLISHED)
    revision = Revision.objects.begin(project, project.owner)
    revision.content |= changes or {"title": "Digital villages, second phase"}
    revision.status = status
    revision.save()
    return revision

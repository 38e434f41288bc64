"""A disk that runs full: a sentence for whoever saves, and nothing of the file stays behind."""

import errno

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from common.files.storage import WholeFiles
from tests.factories import ProjectFactory
from tests.stocktaking.project_form import post_step, upload


class Full(ContentFile):
    """What the kernel says in the middle of a file."""

    def chunks(self, chunk_size=None):
        yield b"the first part"
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def store(tmp_path):
    return WholeFiles(location=tmp_path)


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))


def test_nothing_is_left_of_a_file_that_did_not_fit(store, tmp_path):
    with pytest.raises(OSError, match="No space"):
        store.save("projects/1/logo.webp", Full(b""))

    assert files(tmp_path) == []


def test_two_files_of_one_name_are_both_kept(store, tmp_path):
    first = store.save("reports/a.pdf", ContentFile(b"1"))
    second = store._save(
        "reports/a.pdf", ContentFile(b"2")
    )  # as if both had found the name free

    contents = [(tmp_path / name).read_bytes() for name in (first, second)]
    assert (first, contents) == ("reports/a.pdf", [b"1", b"2"])
    assert len(files(tmp_path)) == 2


@pytest.mark.django_db
def test_an_upload_to_a_full_disk_is_answered_with_a_sentence(
    monkeypatch, tmp_path, caplog
):
    def full(name, content, max_length=None):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    project = ProjectFactory(status="draft")
    browser = Client(raise_request_exception=False)
    browser.force_login(project.owner)
    response = post_step(
        browser, project, "evidence", image=upload(), image_alt="A mast"
    )

    assert response.status_code == 507
    assert "no space left" in response.content.decode()
    assert response["Retry-After"] == "600"
    assert "Traceback" not in caplog.text

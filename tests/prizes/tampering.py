"""What somebody does who can write to the database past the portal, and what is found then."""

import hashlib
import io

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from prizes.public_record.models import Root, publish_root


def tampered(sql):
    """Change the database with its triggers asleep."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # nothing may wait when a table is emptied
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = origin")


def verified(*contest):
    """The exit code and what was said."""
    out = io.StringIO()
    try:
        call_command("verify_ballots", *contest, stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue()
    return 0, out.getvalue()


def published(contest, ago):
    """A root as it would have been written so long ago."""
    root = publish_root(contest)
    root.refresh_from_db()
    at = (timezone.now() - ago).replace(microsecond=0)
    text = (
        f"{root.previous}|{contest.pk}|{root.number}|{at:%Y-%m-%dT%H:%M:%S.000000Z}"
        f"|{root.heads}"
    )
    root.hash = hashlib.sha256(text.encode()).hexdigest()
    tampered(
        f"UPDATE prizes_root SET at = '{at.isoformat()}', hash = '{root.hash}'"
        f" WHERE id = {root.pk}"
    )
    return Root.objects.get(pk=root.pk)

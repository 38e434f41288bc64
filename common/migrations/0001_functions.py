from django.contrib.postgres.operations import (
    BtreeGistExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations

from common.schema.operations import run_file


class Migration(migrations.Migration):
    """What tables of all apps need before they are made."""

    initial = True

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGistExtension(),
        run_file("common/search/functions.sql"),
        run_file("common/text/sort_key.sql"),
    ]

"""People are looked up by their first name too."""

import django.contrib.postgres.indexes
import django.db.models.functions
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0170_kinds_of_mail")]

    operations = [
        migrations.AddIndex(
            model_name="user",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.Upper("first_name"), name="gin_trgm_ops"
                ),
                name="user_first_name_trgm",
            ),
        ),
    ]

"""A time zone that was never chosen is empty. UTC was what everybody had from the start."""

from django.db import migrations, models

import accounts.models.user


def forget_what_nobody_chose(apps, schema_editor):
    apps.get_model("accounts", "User").objects.filter(time_zone="UTC").update(time_zone="")


def name_utc(apps, schema_editor):
    apps.get_model("accounts", "User").objects.filter(time_zone="").update(time_zone="UTC")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0033_api_keys")]

    operations = [
        migrations.AlterField(
            "user",
            "time_zone",
            models.CharField(
                blank=True, default="",
                help_text="Empty when it was never chosen; it is then not UTC.",
                max_length=64, validators=[accounts.models.user.validate_time_zone],
                verbose_name="time zone",
            ),
        ),
        migrations.RunPython(forget_what_nobody_chose, name_utc),
    ]

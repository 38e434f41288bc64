from django.db import migrations, models
from django.db.models import F


def count_as_told(apps, schema_editor):
    """What was released before anybody was written to is no news any more."""
    apps.get_model("forum", "AgendaRelease").objects.update(told_at=F("at"))


class Migration(migrations.Migration):

    dependencies = [("forum", "0001_forum_and_its_agenda")]

    operations = [
        migrations.AddField(
            model_name="releasedsession",
            name="reason",
            field=models.TextField(
                blank=True, default="", max_length=2000, verbose_name="why it is cancelled or moved"
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="agendarelease",
            name="name",
            field=models.CharField(
                blank=True,
                help_text='Empty if a cancellation caused the release.',
                max_length=150,
                verbose_name="name",
            ),
        ),
        migrations.AddField(
            model_name="agendarelease",
            name="told_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="readers told at"
            ),
        ),
        migrations.RunPython(count_as_told, migrations.RunPython.noop),
    ]

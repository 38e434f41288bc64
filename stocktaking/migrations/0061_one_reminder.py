"""Reminders of returned entries and of drafts become one kind of row; what was sent stays known."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TAKE_OVER = """
UPDATE stocktaking_reminder SET kind = 'returned-' || days, sent_at = at,
    to_id = (SELECT owner_id FROM stocktaking_project WHERE id = project_id);
INSERT INTO stocktaking_reminder (project_id, kind, about, to_id, note, sent_at, days, at)
SELECT project_id, 'draft-' || which, touched_at,
    (SELECT owner_id FROM stocktaking_project WHERE id = project_id), '', touched_at, 0, touched_at
FROM stocktaking_draftreminder;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("stocktaking", "0060_desk_versions"),
    ]

    operations = [
        migrations.RemoveConstraint("reminder", "reminder_once"),
        migrations.RenameField("reminder", "returned_at", "about"),
        migrations.AlterField(
            "reminder",
            "about",
            models.DateTimeField(verbose_name="returned, last changed or due at"),
        ),
        migrations.AddField(
            "reminder",
            "kind",
            models.CharField(
                choices=[
                    ("returned-7", "a week after the return"),
                    ("returned-21", "three weeks after the return"),
                    ("draft-month", "a month before the draft is deleted"),
                    ("draft-week", "a week before the draft is deleted"),
                    ("staff", "a date set by staff"),
                ],
                default="staff",
                max_length=12,
                verbose_name="kind",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "reminder",
            "to",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="to",
            ),
        ),
        migrations.AddField(
            "reminder",
            "note",
            models.CharField(blank=True, default="", max_length=300, verbose_name="note"),
            preserve_default=False,
        ),
        migrations.AddField(
            "reminder", "sent_at", models.DateTimeField(null=True, verbose_name="sent at")
        ),
        migrations.RunSQL(TAKE_OVER, "SET CONSTRAINTS ALL IMMEDIATE"),
        migrations.RemoveField("reminder", "days"),
        migrations.AlterModelOptions(
            "reminder",
            {
                "ordering": ["-about", "-pk"],
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
            },
        ),
        migrations.RemoveField("reminder", "at"),
        migrations.DeleteModel("DraftReminder"),
        migrations.AddConstraint(
            "reminder",
            models.UniqueConstraint(
                fields=["project", "kind", "about", "to"],
                name="reminder_once",
                nulls_distinct=False,
                violation_error_message='You already have this reminder.',
            ),
        ),
        migrations.AddIndex(
            "reminder",
            models.Index(
                condition=models.Q(sent_at=None), fields=["about"], name="reminder_due"
            ),
        ),
    ]

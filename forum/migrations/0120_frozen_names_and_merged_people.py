import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import forum.models.session


class Migration(migrations.Migration):
    dependencies = [("forum", "0110_phases_are_judged_together"), ("reference", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="PersonMerge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("moved", models.JSONField(default=list, verbose_name="parts moved")),
                ("dropped", models.JSONField(default=list, verbose_name="parts that both had")),
                (
                    "was_public",
                    models.BooleanField(default=False, verbose_name="kept record was public"),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
                (
                    "undone_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="undone at"),
                ),
            ],
            options={
                "verbose_name": "merge of people",
                "verbose_name_plural": "merges of people",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="room",
            name="room_once",
        ),
        migrations.AddField(
            model_name="edition",
            name="session_types",
            field=models.ManyToManyField(
                blank=True,
                help_text="Types that forms of this edition offer. None chosen: all.",
                related_name="editions",
                to="forum.sessiontype",
                verbose_name="session types",
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="tracks",
            field=models.ManyToManyField(
                blank=True,
                help_text="Tracks that forms of this edition offer. None chosen: all.",
                related_name="editions",
                to="forum.track",
                verbose_name="tracks",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="merged_people",
                to="forum.person",
                verbose_name="merged with",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="name_key",
            field=models.CharField(blank=True, editable=False, max_length=150),
        ),
        migrations.AddField(
            model_name="releasedsession",
            name="building",
            field=models.CharField(blank=True, max_length=150, verbose_name="building"),
        ),
        migrations.AddField(
            model_name="releasedsession",
            name="marks",
            field=models.JSONField(blank=True, default=dict, verbose_name="marked as changed"),
        ),
        migrations.AddField(
            model_name="releasedsession",
            name="room_name",
            field=models.CharField(blank=True, max_length=100, verbose_name="room"),
        ),
        migrations.AddField(
            model_name="releasedsession",
            name="track_names",
            field=models.JSONField(blank=True, default=dict, verbose_name="track"),
        ),
        migrations.AddField(
            model_name="releasedsession",
            name="type_names",
            field=models.JSONField(blank=True, default=dict, verbose_name="type"),
        ),
        migrations.AddField(
            model_name="room",
            name="edition",
            field=models.ForeignKey(
                default=None,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rooms",
                to="forum.edition",
                verbose_name="edition",
            ),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["name_key"], name="person_name_key"),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.UniqueConstraint(
                fields=("edition", "building", "name"),
                name="room_once",
                violation_error_message="This edition has a room of this name already.",
            ),
        ),
        migrations.AddField(
            model_name="personmerge",
            name="account",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="account moved",
            ),
        ),
        migrations.AddField(
            model_name="personmerge",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="personmerge",
            name="merged",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="merges_away",
                to="forum.person",
                verbose_name="merged record",
            ),
        ),
        migrations.AddField(
            model_name="personmerge",
            name="survivor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="merges",
                to="forum.person",
                verbose_name="kept record",
            ),
        ),
        migrations.RemoveConstraint(model_name="session", name="session_room_once_at_a_time"),
        migrations.AddConstraint(
            model_name="session",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                name="session_room_once_at_a_time",
                expressions=[
                    ("room", "="),
                    (
                        forum.models.session.TimeRange(
                            "start", "end", django.contrib.postgres.fields.ranges.RangeBoundary()
                        ),
                        "&&",
                    ),
                ],
                condition=models.Q(
                    ("end__isnull", False),
                    ("room__isnull", False),
                    ("start__isnull", False),
                    ("status__in", ["released", "scheduled"]),
                ),
                deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
                violation_error_message="Another session is in this room at this time.",
            ),
        ),
    ]

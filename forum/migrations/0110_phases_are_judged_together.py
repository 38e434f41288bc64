"""Phases that are saved one by one may overlap until the last of a form is saved."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.constraints
from django.db import migrations, models

import forum.models.consultation


class Migration(migrations.Migration):
    dependencies = [("forum", "0010_cancelled_at_once")]

    operations = [
        migrations.RemoveConstraint("phase", "phase_number_once"),
        migrations.RemoveConstraint("phase", "phase_one_at_a_time"),
        migrations.AddConstraint(
            "phase",
            models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
                fields=("edition", "number"), name="phase_number_once",
            ),
        ),
        migrations.AddConstraint(
            "phase",
            django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("opens_on__isnull", False)),
                deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
                expressions=[
                    ("edition", "="),
                    (
                        forum.models.consultation.DayRange(
                            "opens_on", "closes_on",
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_upper=True
                            ),
                        ),
                        "&&",
                    ),
                ],
                name="phase_one_at_a_time",
                violation_error_message='Another phase overlaps with these days.',
            ),
        ),
    ]

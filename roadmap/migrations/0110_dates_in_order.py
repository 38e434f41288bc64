"""Written dates sort by the last day that they may mean: December 2025 after 3 December 2025."""

import django.db.models.functions.text
from django.db import migrations, models


def sort_date(name):
    return models.GeneratedField(
        db_persist=True,
        expression=models.Case(
            models.When(**{name: ""}, then=models.Value("")),
            default=django.db.models.functions.text.Concat(models.F(name), models.Value("~")),
        ),
        output_field=models.CharField(db_collation="C", max_length=11),
    )


class Migration(migrations.Migration):
    dependencies = [("roadmap", "0001_registers_of_the_roadmap")]

    operations = [
        migrations.AddField("milestone", "sort_date", sort_date("start")),
        migrations.AddField("meeting", "sort_date", sort_date("start")),
        migrations.AddField("resolution", "sort_date", sort_date("adopted")),
        migrations.AddField("figure", "sort_date", sort_date("as_of")),
        migrations.AddField("issue", "sort_date", sort_date("date")),
        migrations.AddField("office", "sort_date", sort_date("from_date")),
        migrations.AlterModelOptions(
            "milestone",
            {"ordering": ["sort_date", "pk"], "verbose_name": "milestone",
             "verbose_name_plural": "milestones"},
        ),
        migrations.AlterModelOptions(
            "meeting",
            {"ordering": ["-sort_date", "-pk"], "verbose_name": "meeting",
             "verbose_name_plural": "meetings"},
        ),
        migrations.AlterModelOptions(
            "resolution",
            {"ordering": ["-sort_date", "pk"], "verbose_name": "resolution",
             "verbose_name_plural": "resolutions"},
        ),
        migrations.AlterModelOptions(
            "figure",
            {"ordering": ["subject", "-sort_date", "pk"], "verbose_name": "figure",
             "verbose_name_plural": "figures"},
        ),
        migrations.AlterModelOptions(
            "issue",
            {"ordering": ["document", "-sort_date", "-pk"],
             "verbose_name": "version of a document",
             "verbose_name_plural": "versions of documents"},
        ),
        migrations.AlterModelOptions(
            "office",
            {"ordering": ["body", "-sort_date", "role", "agency"],
             "verbose_name": "office of a body", "verbose_name_plural": "offices of bodies"},
        ),
        migrations.RemoveIndex("milestone", "milestone_order"),
        migrations.RemoveIndex("meeting", "meeting_newest"),
        migrations.RemoveIndex("resolution", "resolution_order"),
        migrations.AddIndex(
            "milestone", models.Index(fields=["sort_date", "id"], name="milestone_order")
        ),
        migrations.AddIndex(
            "meeting", models.Index(fields=["-sort_date", "-id"], name="meeting_newest")
        ),
        migrations.AddIndex(
            "resolution", models.Index(fields=["-sort_date", "code"], name="resolution_order")
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stocktaking", "0143_ownership_requests")]

    operations = [
        migrations.AddField(
            model_name="importjob",
            name="heading",
            field=models.PositiveSmallIntegerField(
                default=1, verbose_name="row that names the columns"
            ),
        ),
        migrations.AddField(
            model_name="importjob",
            name="encoding",
            field=models.CharField(blank=True, max_length=40, verbose_name="converted from"),
        ),
        migrations.AddField(
            model_name="importjob",
            name="date_order",
            field=models.CharField(
                blank=True,
                choices=[("dmy", "day before month"), ("mdy", "month before day")],
                max_length=3,
                verbose_name="order of day and month",
            ),
        ),
        migrations.AddField(
            model_name="importjob",
            name="readings",
            field=models.JSONField(
                blank=True, default=dict, verbose_name="how the file was read"
            ),
        ),
        migrations.AddField(
            model_name="importjob",
            name="organisations",
            field=models.JSONField(blank=True, default=list, verbose_name="organizations made"),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stocktaking", "0160_every_account_is_a_member")]

    operations = [
        migrations.AddField(
            "importjob",
            "as_staff",
            models.BooleanField(
                default=False,
                editable=False,
                help_text="Whether its person had confirmed their second step.",
                verbose_name="with the powers of staff",
            ),
        ),
    ]

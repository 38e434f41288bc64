from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("common", "0160_mails_that_leave_no_trace")]

    operations = [
        migrations.AddField(
            "outgoingmail",
            "urgent",
            models.BooleanField(
                db_default=False, default=False, verbose_name="about the account itself"
            ),
        ),
        migrations.AddField(
            "outgoingmail",
            "leased_until",
            models.DateTimeField(blank=True, null=True, verbose_name="being sent until"),
        ),
        migrations.RemoveIndex("outgoingmail", "mail_waiting"),
        migrations.AddIndex(
            "outgoingmail",
            models.Index(
                condition=models.Q(("digest", ""), ("sent_at", None)),
                fields=["-urgent", "created_at", "id"],
                name="mail_waiting",
            ),
        ),
        migrations.AddIndex(
            "outgoingmail",
            models.Index(
                condition=models.Q(("sent_at", None), models.Q(("digest", ""), _negated=True)),
                fields=["digest", "to"],
                name="mail_kept",
            ),
        ),
    ]

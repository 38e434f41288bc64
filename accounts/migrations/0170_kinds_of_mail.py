from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0160_one_spelling_of_addresses_and_lost_factors")]

    operations = [
        migrations.AlterField(
            "mailchoice",
            "kind",
            models.CharField(
                choices=[
                    ("news", "News of what I follow"),
                    ("reminders", "Reminders of drafts and returned projects, and the yearly check"),
                    ("desk", "What waits for the secretariat"),
                    ("roles", "Decisions on my roles in organizations"),
                    ("projects", "Decisions on my projects, and messages about them"),
                    ("reports", "Reports that I have asked for"),
                    ("prizes", "Decisions on my entries to the Prizes"),
                    ("agenda", "Changes of the agenda of the Forum"),
                    ("forum", "Decisions on my submissions and registrations at the Forum"),
                    ("roadmap", "Roadmap and consultations"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
    ]

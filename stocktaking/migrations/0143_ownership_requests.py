import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reference', '0001_initial'),
        ('stocktaking', '0142_merges_and_splits'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='claim',
            options={'ordering': ['-created_at', '-pk'], 'verbose_name': 'ownership request', 'verbose_name_plural': 'ownership requests'},
        ),
        migrations.AddField(
            model_name='attachment',
            name='former_owner',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='former owner, whose it is'),
        ),
        migrations.AddField(
            model_name='claim',
            name='former_owner',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner before'),
        ),
        migrations.AddField(
            model_name='entrytext',
            name='former_owner',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='former owner, whose it is'),
        ),
        migrations.AddField(
            model_name='message',
            name='former_owner',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='former owner, whose it is'),
        ),
        migrations.AddField(
            model_name='revision',
            name='former_owner',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='former owner, whose it is'),
        ),
        migrations.AddField(
            model_name='claim',
            name='answer',
            field=models.CharField(blank=True, choices=[('agreed', 'The owner agrees'), ('objected', 'The owner objects')], default='', editable=False, max_length=8, verbose_name='answer of the owner'),
        ),
        migrations.AddField(
            model_name='claim',
            name='answer_text',
            field=models.TextField(blank=True, default='', editable=False, max_length=2000, verbose_name="in the owner's words"),
        ),
        migrations.AddField(
            model_name='claim',
            name='answered_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='answered at'),
        ),
        migrations.AddField(
            model_name='claim',
            name='former',
            field=models.JSONField(blank=True, default=dict, editable=False, verbose_name='contact and co-editors before'),
        ),
    ]

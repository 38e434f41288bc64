"""People and rooms sort as a reader expects; people are found whatever their accents."""

import common.collation
import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0190_names_in_readers_order'),
        ('forum', '0120_frozen_names_and_merged_people'),
        ('reference', '0190_countries_in_readers_order'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='submission',
            name='status',
            field=models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('returned', 'Returned for changes'), ('accepted', 'Accepted'), ('used', 'Used in a session'), ('merged', 'Merged with another submission'), ('noted', 'Noted'), ('not_used', 'Not used')], default='draft', editable=False, max_length=20, verbose_name='status'),
        ),
        migrations.AlterModelOptions(
            name='person',
            options={'ordering': [common.collation.InReadersOrder('name'), 'pk'], 'verbose_name': 'person', 'verbose_name_plural': 'people'},
        ),
        migrations.AlterModelOptions(
            name='room',
            options={'ordering': [common.collation.InReadersOrder('building'), common.collation.InReadersOrder('name'), 'pk'], 'verbose_name': 'room', 'verbose_name_plural': 'rooms'},
        ),
        migrations.RemoveIndex(
            model_name='person',
            name='person_order',
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(common.collation.SortKey('name', 'ar'), models.F('id'), name='person_order_ar'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(common.collation.SortKey('name', 'zh-hans'), models.F('id'), name='person_order_zh_hans'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(common.collation.SortKey('name', 'en'), models.F('id'), name='person_order_en'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(common.collation.SortKey('name', 'fr'), models.F('id'), name='person_order_fr'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(common.collation.SortKey('name', 'ru'), models.F('id'), name='person_order_ru'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(common.collation.SortKey('name', 'es'), models.F('id'), name='person_order_es'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(common.collation.Folded('name'), name='gin_trgm_ops'), name='person_name_folded'),
        ),
    ]

"""Countries stand in the alphabet of the reader's language, International last."""

import common.collation
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0190_names_in_readers_order'),
        ('reference', '0001_initial'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='country',
            options={'ordering': ['order', common.collation.InReadersOrder('name', translated=True)], 'verbose_name': 'country', 'verbose_name_plural': 'countries'},
        ),
    ]

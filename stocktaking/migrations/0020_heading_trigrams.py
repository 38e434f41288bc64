from django.db import migrations

# Serves “spelt alike” when a text finds nothing (stocktaking/nearest.py).
INDEX = """
CREATE INDEX project_heading_trigrams ON stocktaking_project
USING gin (public.search_fold(title || ' ' || organisation_name) gin_trgm_ops)
WHERE status = 'published'
"""


class Migration(migrations.Migration):

    dependencies = [("stocktaking", "0010_moderation_desk")]

    operations = [migrations.RunSQL(INDEX, "DROP INDEX project_heading_trigrams")]

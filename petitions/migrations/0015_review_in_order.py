from django.db import migrations, models

from core.migrating import AddIndexBeside


class Migration(migrations.Migration):
    """The list of those in review shows the newest first: among a million others PostgreSQL read all of them to find fifteen."""

    atomic = False

    dependencies = [
        ('petitions', '0014_second_looks'),
    ]

    operations = [
        AddIndexBeside(
            model_name='signature',
            index=models.Index(condition=models.Q(('review', 'none'), _negated=True), fields=['review', 'id'], name='signature_to_review'),
        ),
    ]

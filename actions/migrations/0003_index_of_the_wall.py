from django.db import migrations, models

from core.migrating import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('actions', '0002_opening_tally_by_target'),
    ]

    operations = [
        AddIndexBeside(
            model_name='tweet',
            index=models.Index(condition=models.Q(('gone_at__isnull', True), ('review', 'approved')), fields=['action', '-posted_at'], name='tweet_approved'),
        ),
    ]

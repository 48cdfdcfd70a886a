import django.db.models.deletion
from django.db import migrations, models

from core.migrating import KeyWithoutIndex


class Migration(migrations.Migration):
    """Nobody looks by them any more (0003), and every INSERT wrote into each."""

    atomic = False

    dependencies = [
        ('petitions', '0003_indexes_for_tasks'),
    ]

    operations = [
        KeyWithoutIndex(
            model_name='signature',
            name='petition',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='petitions.petition'),
        ),
        KeyWithoutIndex(
            model_name='signature',
            name='decision',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='petitions.decision'),
        ),
        KeyWithoutIndex(
            model_name='signature',
            name='consent_text',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='petitions.consenttext'),
        ),
        KeyWithoutIndex(
            model_name='mailing',
            name='petition',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='petitions.petition'),
        ),
    ]

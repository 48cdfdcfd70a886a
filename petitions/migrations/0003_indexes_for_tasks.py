from django.db import migrations, models

from core.migrating import AddIndexBeside


class Migration(migrations.Migration):
    """Most INSERTs of signatures write into two of these; the next migration takes away three that all of them write into. People sign
    meanwhile."""

    atomic = False

    dependencies = [
        ('petitions', '0002_tally_by_country_and_hour'),
    ]

    operations = [
        AddIndexBeside(
            model_name='signature',
            index=models.Index(fields=['petition', 'signed_at'], name='signature_by_time'),
        ),
        AddIndexBeside(
            model_name='signature',
            index=models.Index(condition=models.Q(('confirmed_at__isnull', False)), fields=['petition', 'confirmed_at'], name='signature_by_confirmation'),
        ),
        AddIndexBeside(
            model_name='signature',
            index=models.Index(condition=models.Q(('country__in', ['VA', 'PN', 'TK', 'NU', 'NF', 'CX', 'CC', 'FK', 'SH', 'PM', 'MS', 'NR', 'TV', 'WF', 'AI', 'CK', 'PW', 'SM', 'GI', 'MC', 'LI', 'VG', 'MF', 'BL', 'AQ', 'BV', 'HM', 'GS', 'TF', 'UM', 'IO', 'AX', 'FO', 'GL', 'KN', 'AS', 'MP', 'TC', 'SX', 'MH', 'KY', 'BM', 'AD', 'DM', 'IM', 'AG', 'SC', 'TO', 'FM', 'VC', 'GD', 'KI', 'LC', 'WS', 'ST', 'VU', 'BQ', 'SJ', 'EH', 'GG', 'JE'])), fields=['petition', 'country'], name='signature_of_small_countries'),
        ),
        AddIndexBeside(
            model_name='signature',
            index=models.Index(condition=models.Q(('confirmed_at__isnull', True)), fields=['petition'], name='signature_unconfirmed'),
        ),
        AddIndexBeside(
            model_name='signature',
            index=models.Index(condition=models.Q(('review', 'none'), _negated=True), fields=['petition', 'review'], name='signature_in_review'),
        ),
        AddIndexBeside(
            model_name='signature',
            index=models.Index(condition=models.Q(('decision__isnull', False)), fields=['decision'], name='signature_by_decision'),
        ),
        AddIndexBeside(
            model_name='mailing',
            index=models.Index(fields=['begun_at'], name='mailing_by_time'),
        ),
    ]

import core.crypto.fields
import django.db.models.deletion
import django.utils.timezone
import petitions.models.export
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('petitions', '0009_jobs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='petition',
            options={'permissions': [('aggregate_petition', 'Can take out figures, in cells of five or more')]},
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(choices=[('news', 'mail news of this campaign from another system'), ('others', 'mail other campaigns from another system'), ('names', 'hand over the names that may be shown')], max_length=12, verbose_name='purpose')),
                ('format', models.CharField(choices=[('csv', 'CSV'), ('xlsx', 'Excel (XLSX)')], default='csv', max_length=4, verbose_name='format')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='requested')),
                ('state', models.CharField(choices=[('waiting', 'waiting for a second person'), ('writing', 'is being written'), ('ready', 'ready to fetch'), ('fetched', 'fetched'), ('declined', 'declined'), ('withdrawn', 'request taken back'), ('expired', 'expired')], default='waiting', max_length=12, verbose_name='state')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('answer', models.CharField(blank=True, max_length=200, verbose_name='why it was declined')),
                ('began_at', models.DateTimeField(null=True, verbose_name='begun')),
                ('found', models.PositiveIntegerField(default=0, verbose_name='people')),
                ('written_to', models.UUIDField(null=True)),
                ('expires_at', models.DateTimeField(verbose_name='expires')),
                ('secret', core.crypto.fields.EncryptedTextField(default=petitions.models.export.new_secret, editable=False)),
                ('asked_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='requested by')),
                ('decided_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='second person')),
                ('petition', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='exports', to='petitions.petition', verbose_name='petition')),
            ],
            options={
                'verbose_name': 'export',
                'verbose_name_plural': 'exports',
                'ordering': ['-asked_at'],
            },
        ),
        migrations.CreateModel(
            name='ExportPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('after', models.UUIDField(null=True)),
                ('upto', models.UUIDField()),
                ('rows', models.PositiveIntegerField()),
                ('fold', models.BinaryField(max_length=16)),
                ('content', models.BinaryField(null=True)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField()),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('fetched_at', models.DateTimeField(null=True)),
                ('export', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='petitions.export')),
                ('fetched_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'writing', 'ready'])), fields=['expires_at'], name='export_open'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='export_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['news', 'others', 'names'])), name='export_purpose_is_known'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(('format__in', ['csv', 'xlsx'])), name='export_format_is_known'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'writing', 'ready', 'fetched', 'declined', 'withdrawn', 'expired'])), name='export_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(('began_at__isnull', True), models.Q(('decided_by__isnull', True), ('purpose', 'names')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('decided_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='export_of_addresses_needs_another_person'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('began_at__isnull', False), ('state__in', ['writing', 'ready', 'fetched'])), models.Q(('began_at__isnull', True), ('state__in', ['waiting', 'declined', 'withdrawn'])), ('state', 'expired'), _connector='OR'), name='export_is_begun_when_it_is_written'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('asked_by')), _negated=True), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='declined_export_says_why'),
        ),
        migrations.AddConstraint(
            model_name='exportpart',
            constraint=models.UniqueConstraint(fields=('export', 'number'), name='export_part_once'),
        ),
        migrations.AddConstraint(
            model_name='exportpart',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('fetched_at__isnull', True), ('fetched_by__isnull', True)), models.Q(('content__isnull', True), ('fetched_at__isnull', False), ('fetched_by__isnull', False)), _connector='OR'), name='fetched_export_part_is_spent'),
        ),
        migrations.AddConstraint(
            model_name='exportpart',
            constraint=models.CheckConstraint(condition=models.Q(('rows__lte', 100000)), name='export_part_is_small'),
        ),
    ]

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from core.migrating import CreateTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('campaigns', '0001_initial'),
        ('core', '0001_initial'),
    ]

    tables = [
        migrations.CreateModel(
            name='HourlyFigures',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('taken_at', models.DateTimeField()),
                ('opened', models.PositiveIntegerField(default=0)),
                ('linked', models.PositiveIntegerField(default=0)),
                ('verified', models.PositiveIntegerField(default=0)),
                ('pledged', models.PositiveIntegerField(default=0)),
                ('by_target', models.JSONField(default=dict)),
                ('campaign', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='hourly', to='campaigns.campaign')),
            ],
            options={
                'verbose_name_plural': 'hourly figures',
            },
        ),
        migrations.CreateModel(
            name='DailySnapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('taken_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('content', models.TextField()),
                ('signature', models.BinaryField(max_length=64)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='daily_snapshots', to='campaigns.campaign')),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.signingkey')),
            ],
            options={
                'ordering': ['-day'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'day'), name='one_snapshot_a_day')],
            },
        ),
        migrations.CreateModel(
            name='ShareImage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=12)),
                ('version', models.CharField(max_length=32)),
                ('content', models.BinaryField()),
                ('drawn_at', models.DateTimeField(auto_now=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='share_images', to='campaigns.campaign')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('campaign', 'language'), name='one_share_image_a_language')],
            },
        ),
    ]
    operations = [CreateTables(tables)]

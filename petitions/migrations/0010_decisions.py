import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Removals become decisions of several kinds; those of a person about a confirmed signature get a verdict beside it."""

    dependencies = [
        ('petitions', '0009_reveal'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='removal', name='removal_has_a_reason'),
        migrations.RemoveConstraint(model_name='removal', name='removal_needs_another_person'),
        migrations.RenameModel('Removal', 'Decision'),
        migrations.AlterModelOptions(
            name='decision',
            options={'ordering': ['-asked_at'], 'verbose_name': 'decision on signatures', 'verbose_name_plural': 'decisions on signatures'},
        ),
        migrations.RenameField('decision', 'approved_by', 'decided_by'),
        migrations.RenameField('signature', 'removal', 'decision'),
        migrations.AlterField(
            model_name='signature', name='decision',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='petitions.decision'),
        ),
        migrations.AlterField(
            model_name='decision', name='petition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='petitions.petition'),
        ),
        migrations.AlterField(
            model_name='decision', name='reason',
            field=models.CharField(blank=True, choices=[('automated', 'made by a machine'), ('duplicate', 'the same person more than once'), ('impostor', 'in the name of somebody else'), ('abuse', 'abusive')], max_length=12, verbose_name='reason'),
        ),
        migrations.AddField(
            model_name='decision', name='kind',
            field=models.CharField(choices=[('remove', 'take them out'), ('quarantine', 'set them aside for review'), ('restore', 'put back what people took out'), ('release', 'release what a machine set aside')], default='remove', max_length=12, verbose_name='what'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='decision', name='restored',
            field=models.PositiveIntegerField(default=0, verbose_name='put back since'),
        ),
        migrations.AddField(
            model_name='decision', name='stood',
            field=models.PositiveIntegerField(default=0, verbose_name='stood then'),
        ),
        migrations.AddField(model_name='decision', name='choice', field=models.JSONField(default=dict)),
        migrations.AddField(
            model_name='decision', name='signatures',
            field=models.ManyToManyField(related_name='decisions', to='petitions.signature'),
        ),
        migrations.AddField(
            model_name='decision', name='outcome',
            field=models.CharField(choices=[('waiting', 'waits for a second person'), ('done', 'done'), ('declined', 'declined'), ('withdrawn', 'called back'), ('expired', 'expired')], default='waiting', max_length=12, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='decision', name='answer',
            field=models.CharField(blank=True, max_length=200, verbose_name='why not'),
        ),
        migrations.CreateModel(
            name='Verdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address_hash', models.BinaryField(max_length=32)),
                ('hash_version', models.SmallIntegerField()),
                ('hash_rule', models.SmallIntegerField(db_default=1)),
                ('review', models.CharField(choices=[('none', 'none'), ('quarantined', 'quarantined'), ('removed', 'removed')], max_length=12)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to='petitions.decision')),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='verdicts', to='petitions.petition')),
            ],
            options={
                'indexes': [models.Index(fields=['address_hash'], name='verdict_by_address')],
                'constraints': [
                    models.UniqueConstraint(fields=('petition', 'address_hash'), name='one_verdict_per_address'),
                    models.CheckConstraint(condition=models.Q(('review__in', ['quarantined', 'removed'])), name='verdict_takes_out'),
                ],
            },
        ),
    ]

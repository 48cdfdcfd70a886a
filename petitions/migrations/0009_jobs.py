import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# As before; and while its job is under way the number of signatures that a decision has changed goes up, batch by batch.
GUARD = """
CREATE OR REPLACE FUNCTION petitions_decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A decision that was carried out stays on record.' USING ERRCODE = 'check_violation';
    END IF;
    IF to_jsonb(OLD) - '{restored,number}'::text[] IS DISTINCT FROM to_jsonb(NEW) - '{restored,number}'::text[] THEN
        RAISE EXCEPTION 'A decision is taken once.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.number < OLD.number OR NEW.number > OLD.number AND NOT EXISTS (
        SELECT FROM petitions_job WHERE decision_id = OLD.id AND state IN ('waiting', 'running')
    ) THEN
        RAISE EXCEPTION 'What a decision has changed is counted while its job is under way.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""
# As in 0001.
FORMER_GUARD = """
CREATE OR REPLACE FUNCTION petitions_decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A decision that was carried out stays on record.' USING ERRCODE = 'check_violation';
    END IF;
    IF to_jsonb(OLD) - 'restored' IS DISTINCT FROM to_jsonb(NEW) - 'restored' THEN
        RAISE EXCEPTION 'A decision is taken once.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    safe_because = "the table of chosen signatures gets a name in Python and two columns that are filled by themselves; the guard allows more"

    dependencies = [
        ('petitions', '0008_offer_voices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='decision',
            name='undoes',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='petitions.decision', verbose_name='undoes'),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='DecidedSignature',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='petitions.decision')),
                        ('signature', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='petitions.signature')),
                    ],
                    options={
                        'db_table': 'petitions_decision_signatures',
                        'unique_together': {('decision', 'signature')},
                    },
                ),
                migrations.AlterField(
                    model_name='decision',
                    name='signatures',
                    field=models.ManyToManyField(related_name='decisions', through='petitions.DecidedSignature', through_fields=('decision', 'signature'), to='petitions.signature'),
                ),
            ],
        ),
        migrations.AddField(
            model_name='decidedsignature',
            name='was',
            field=models.CharField(blank=True, choices=[('none', 'none'), ('quarantined', 'quarantined'), ('removed', 'removed')], db_default='', default='', max_length=12),
        ),
        migrations.AddField(
            model_name='decidedsignature',
            name='was_decision',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='petitions.decision'),
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='job', serialize=False, to='petitions.decision')),
                ('state', models.CharField(choices=[('waiting', 'waiting for a worker'), ('running', 'under way'), ('cancelled', 'cancelled'), ('done', 'done'), ('failed', 'failed')], default='waiting', max_length=12)),
                ('total', models.PositiveIntegerField()),
                ('done', models.PositiveIntegerField(default=0)),
                ('cursor', models.UUIDField(null=True)),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('error', models.CharField(blank=True, max_length=100)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('moved_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('cancelled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'running'])), fields=['asked_at'], name='job_under_way')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ['waiting', 'running'])), models.Q(('ended_at__isnull', False), ('state__in', ['cancelled', 'done', 'failed'])), _connector='OR'), name='job_that_ended_says_when'), models.CheckConstraint(condition=models.Q(models.Q(('cancelled_by__isnull', False), ('state', 'cancelled')), models.Q(models.Q(('state', 'cancelled'), _negated=True), ('cancelled_by__isnull', True)), _connector='OR'), name='cancelled_job_says_by_whom'), models.CheckConstraint(condition=models.Q(models.Q(('cursor__isnull', True), ('done', 0)), ('cursor__isnull', False), _connector='OR'), name='job_knows_where_it_is'), models.CheckConstraint(condition=models.Q(('done__lte', models.F('total'))), name='job_does_no_more_than_all'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('done', models.F('total')), _connector='OR'), name='job_that_is_done_did_all')],
            },
        ),
        migrations.RunSQL(GUARD, FORMER_GUARD),
    ]

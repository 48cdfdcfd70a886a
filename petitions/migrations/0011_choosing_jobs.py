from django.db import migrations, models


class Migration(migrations.Migration):
    safe_because = "a job may be in one more state, which the release before neither writes nor goes on with"

    dependencies = [
        ('petitions', '0010_exports'),
    ]

    operations = [
        migrations.AlterField(
            model_name='job',
            name='state',
            field=models.CharField(choices=[('choosing', 'choosing the signatures'), ('waiting', 'waiting for a worker'), ('running', 'under way'), ('cancelled', 'cancelled'), ('done', 'done'), ('failed', 'failed')], default='waiting', max_length=12),
        ),
        migrations.RemoveConstraint(model_name='job', name='job_that_ended_says_when'),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ['choosing', 'waiting', 'running'])), models.Q(('ended_at__isnull', False), ('state__in', ['cancelled', 'done', 'failed'])), _connector='OR'), name='job_that_ended_says_when'),
        ),
        migrations.RemoveIndex(model_name='job', name='job_under_way'),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(condition=models.Q(('state__in', ['choosing', 'waiting', 'running'])), fields=['asked_at'], name='job_under_way'),
        ),
    ]

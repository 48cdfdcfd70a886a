import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    safe_because = "it only adds a table, which the release before neither reads nor writes"
    dependencies = [
        ("petitions", "0006_signature_source"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name='Voice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('signature', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='voice', to='petitions.signature')),
                ('state', models.CharField(choices=[('waiting', 'waiting to be read'), ('approved', 'approved'), ('declined', 'declined')], default='waiting', max_length=12, verbose_name='state')),
                ('reason', models.CharField(blank=True, choices=[('abusive', 'abusive or hateful'), ('private', "tells of somebody else's private life"), ('danger', 'could endanger somebody'), ('unrelated', 'is about something else'), ('advert', 'advertising')], max_length=12, verbose_name='why it was declined')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('petition', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='petitions.petition', verbose_name='petition')),
            ],
            options={
                'verbose_name': 'voice',
                'verbose_name_plural': 'voices',
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'approved')), fields=['petition', '-decided_at'], name='voice_shown'), models.Index(condition=models.Q(('state', 'waiting')), fields=['id'], name='voice_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state', 'waiting')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ['approved', 'declined'])), _connector='OR'), name='decided_voice_says_by_whom'), models.CheckConstraint(condition=models.Q(models.Q(('reason__in', ['abusive', 'private', 'danger', 'unrelated', 'advert']), ('state', 'declined')), models.Q(('reason', ''), ('state__in', ['waiting', 'approved'])), _connector='OR'), name='declined_voice_has_a_reason')],
            },
        ),
    ]

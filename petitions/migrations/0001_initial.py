import core.crypto.fields
import core.crypto.ids
import core.text.translations
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from core.migrating import CreateTables

# What the database refuses, whichever way somebody would try it.
GUARDS = """
-- The tally adds by petition, country and time of confirmation: what it has added stays where it is.
CREATE FUNCTION petitions_signature_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A confirmed signature is never deleted: withdraw or blank it.' USING ERRCODE = 'check_violation';
    END IF;
    RAISE EXCEPTION 'Petition, country and time of a confirmed signature never change.' USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER signature_facts_stay BEFORE UPDATE OF petition_id, country, confirmed_at ON petitions_signature
FOR EACH ROW WHEN (
    OLD.confirmed_at IS NOT NULL
    AND (OLD.petition_id, OLD.country, OLD.confirmed_at) IS DISTINCT FROM (NEW.petition_id, NEW.country, NEW.confirmed_at)
) EXECUTE FUNCTION petitions_signature_guard();

CREATE TRIGGER confirmed_signature_stays BEFORE DELETE ON petitions_signature
FOR EACH ROW WHEN (OLD.confirmed_at IS NOT NULL OR OLD.counted) EXECUTE FUNCTION petitions_signature_guard();

-- The words of a signed petition stay as they are.
CREATE FUNCTION petitions_text_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM petitions_signature WHERE petition_id = OLD.id) THEN
        RAISE EXCEPTION 'What people have put their name to stays.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER signed_text_stays BEFORE UPDATE OF text ON petitions_petition
FOR EACH ROW WHEN (OLD.text IS DISTINCT FROM NEW.text) EXECUTE FUNCTION petitions_text_guard();

-- Who may decide, and that it is decided once.
CREATE FUNCTION petitions_decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A decision that was carried out stays on record.' USING ERRCODE = 'check_violation';
    END IF;
    IF to_jsonb(OLD) - 'restored' IS DISTINCT FROM to_jsonb(NEW) - 'restored' THEN
        RAISE EXCEPTION 'A decision is taken once.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER decision_is_taken_once BEFORE UPDATE ON petitions_decision
FOR EACH ROW WHEN (OLD.outcome <> 'waiting') EXECUTE FUNCTION petitions_decision_guard();

CREATE TRIGGER decision_stays BEFORE DELETE ON petitions_decision
FOR EACH ROW WHEN (OLD.outcome = 'done') EXECUTE FUNCTION petitions_decision_guard();

-- How long we know who signed counts from the closing: nobody moves that by hand (petitions/closing.py).
CREATE FUNCTION petitions_closing_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('outcry.closing', true) IS NOT DISTINCT FROM OLD.id::text THEN
        RETURN NEW;
    END IF;
    IF OLD.closes_at <= clock_timestamp() THEN
        RAISE EXCEPTION 'When a petition closed does not change: it is opened again by its campaign.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.closes_at <= clock_timestamp() THEN
        RAISE EXCEPTION 'A petition is not closed in the past.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER closing_stays BEFORE UPDATE OF closes_at ON petitions_petition
FOR EACH ROW WHEN (OLD.closes_at IS DISTINCT FROM NEW.closes_at) EXECUTE FUNCTION petitions_closing_guard();
"""
UNGUARD = """
DROP FUNCTION petitions_signature_guard() CASCADE;
DROP FUNCTION petitions_text_guard() CASCADE;
DROP FUNCTION petitions_decision_guard() CASCADE;
DROP FUNCTION petitions_closing_guard() CASCADE;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    tables = [
        migrations.CreateModel(
            name='ConsentText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('language', models.CharField(max_length=12)),
                ('texts', models.JSONField()),
                ('since', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address_hash', models.BinaryField(max_length=32, unique=True)),
                ('hash_version', models.SmallIntegerField()),
                ('hash_rule', models.SmallIntegerField(db_default=1)),
                ('since', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='LinkRequest',
            fields=[
                ('mail_due_at', models.DateTimeField(editable=False, null=True, verbose_name='mail due')),
                ('mail_attempts', models.SmallIntegerField(default=0, editable=False, verbose_name='unfinished attempts')),
                ('mailed_at', models.DateTimeField(editable=False, null=True, verbose_name='mail sent')),
                ('id', models.UUIDField(default=core.crypto.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('email', core.crypto.fields.EncryptedTextField()),
                ('language', models.CharField(default='en', max_length=12)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('address_hash', models.BinaryField(max_length=32, null=True)),
                ('hash_rule', models.SmallIntegerField(db_default=1)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('mail_due_at__isnull', False)), fields=['mail_due_at'], name='linkrequest_mail_due'), models.Index(fields=['address_hash'], name='linkrequest_by_address')],
            },
        ),
        migrations.CreateModel(
            name='Petition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(help_text='Named in the confirmation mail.', max_length=200, verbose_name='title')),
                ('text', models.TextField(help_text='Markdown. The exact words that people put their names to.', verbose_name='what people sign')),
                ('opens_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='opens')),
                ('closes_at', models.DateTimeField(blank=True, help_text='Once it has closed, this stays: from here we count how long we know who signed. To open it again, set the campaign live again.', null=True, verbose_name='closes')),
                ('pending', models.IntegerField(default=0, editable=False)),
                ('under_review', models.IntegerField(default=0, editable=False)),
                ('removed', models.IntegerField(default=0, editable=False)),
                ('confirmed_hourly', models.IntegerField(default=0, editable=False)),
                ('hourly_at', models.DateTimeField(editable=False, null=True)),
                ('told_until', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('closes_at__isnull', True), ('closes_at__gt', models.F('opens_at')), _connector='OR'), name='petition_closes_after_opening', violation_error_message='A petition must close after it opens.')],
            },
            bases=(core.text.translations.Translatable, models.Model),
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('remove', 'remove them'), ('quarantine', 'set them aside for review'), ('restore', 'put back what people removed'), ('release', 'release what a machine set aside')], max_length=12, verbose_name='what')),
                ('reason', models.CharField(blank=True, choices=[('automated', 'made by a machine'), ('duplicate', 'the same person more than once'), ('impostor', 'in the name of somebody else'), ('abuse', 'abusive')], max_length=12, verbose_name='reason')),
                ('number', models.PositiveIntegerField(verbose_name='signatures')),
                ('restored', models.PositiveIntegerField(default=0, verbose_name='put back since')),
                ('stood', models.PositiveIntegerField(default=0, verbose_name='counted then')),
                ('choice', models.JSONField(default=dict)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='requested')),
                ('outcome', models.CharField(choices=[('waiting', 'waiting for a second person'), ('done', 'done'), ('declined', 'declined'), ('withdrawn', 'request taken back'), ('expired', 'expired')], default='waiting', max_length=12, verbose_name='state')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('answer', models.CharField(blank=True, max_length=200, verbose_name='why it was declined')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='requested by')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='second person')),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='petitions.petition')),
                ('signatures', models.ManyToManyField(related_name='decisions', to='petitions.signature')),
            ],
            options={
                'verbose_name': 'decision on signatures',
                'verbose_name_plural': 'decisions on signatures',
                'ordering': ['-asked_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'remove'), ('reason__in', ['automated', 'duplicate', 'impostor', 'abuse'])), models.Q(('kind__in', ['quarantine', 'restore', 'release']), ('reason', '')), _connector='OR'), name='removal_has_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', True), ('outcome__in', ['waiting', 'expired'])), models.Q(('decided_by', models.F('asked_by')), ('outcome', 'withdrawn')), models.Q(('decided_by__isnull', False), ('outcome', 'declined'), models.Q(('decided_by', models.F('asked_by')), _negated=True)), models.Q(('outcome', 'done'), models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR')), _connector='OR'), name='decision_needs_another_person'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('outcome', 'waiting')), models.Q(('decided_at__isnull', False), ('outcome__in', ['done', 'declined', 'withdrawn', 'expired'])), _connector='OR'), name='decision_has_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'declined'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='declined_decision_says_why'), models.CheckConstraint(condition=models.Q(('restored__lte', models.F('number'))), name='no_more_put_back_than_taken_out')],
            },
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('country', 'more from one country than is likely'), ('domain', 'many from one domain'), ('fast', 'forms filled in under two seconds'), ('name', 'one name many times'), ('old', 'a burst of old confirmations'), ('night', 'as many at night as by day')], max_length=12, verbose_name='what')),
                ('detail', models.CharField(blank=True, max_length=64, verbose_name='detail')),
                ('raised_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('seen_at', models.DateTimeField(null=True, verbose_name='seen')),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='petitions.petition')),
            ],
            options={
                'ordering': ['-raised_at'],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('mail_due_at', models.DateTimeField(editable=False, null=True, verbose_name='mail due')),
                ('mail_attempts', models.SmallIntegerField(default=0, editable=False, verbose_name='unfinished attempts')),
                ('mailed_at', models.DateTimeField(editable=False, null=True, verbose_name='mail sent')),
                ('id', models.UUIDField(default=core.crypto.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('email', core.crypto.fields.EncryptedTextField(null=True, verbose_name='e-mail')),
                ('name', core.crypto.fields.EncryptedTextField(null=True, verbose_name='name')),
                ('comment', core.crypto.fields.EncryptedTextField(blank=True, null=True, verbose_name='comment')),
                ('country', models.CharField(max_length=2, verbose_name='country')),
                ('language', models.CharField(default='en', max_length=12)),
                ('address_hash', models.BinaryField(max_length=32, null=True)),
                ('hash_version', models.SmallIntegerField(null=True)),
                ('hash_rule', models.SmallIntegerField(db_default=1)),
                ('client_hash', models.BinaryField(max_length=16, null=True)),
                ('domain', models.CharField(blank=True, max_length=64)),
                ('name_hash', models.BinaryField(max_length=16, null=True)),
                ('seconds', models.PositiveIntegerField(null=True)),
                ('signed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='signed')),
                ('confirmed_at', models.DateTimeField(editable=False, null=True, verbose_name='confirmed')),
                ('review', models.CharField(choices=[('none', 'none'), ('quarantined', 'quarantined'), ('removed', 'removed')], default='none', max_length=12, verbose_name='review')),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True, verbose_name='withdrawn')),
                ('erased_at', models.DateTimeField(editable=False, null=True, verbose_name='erased')),
                ('show_name_at', models.DateTimeField(editable=False, null=True, verbose_name='agreed to show the name')),
                ('updates_at', models.DateTimeField(editable=False, null=True, verbose_name='asked for updates')),
                ('others_at', models.DateTimeField(editable=False, null=True, verbose_name='asked for other campaigns')),
                ('counts', models.GeneratedField(db_persist=True, expression=models.Q(('confirmed_at__isnull', False), ('review', 'none'), ('withdrawn_at__isnull', True)), output_field=models.BooleanField(), verbose_name='counts')),
                ('counted', models.BooleanField(default=False, editable=False)),
                ('consent_text', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='petitions.consenttext')),
                ('decision', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='petitions.decision')),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='petitions.petition')),
            ],
            options={
                'permissions': [('reveal_signature', 'Can see who signed, one row at a time and for a reason')],
                'indexes': [models.Index(condition=models.Q(('mail_due_at__isnull', False)), fields=['mail_due_at'], name='signature_mail_due'), models.Index(condition=models.Q(('counted', models.F('counts')), _negated=True), fields=['id'], name='signature_to_tally'), models.Index(condition=models.Q(('address_hash__isnull', False)), fields=['address_hash'], name='signature_by_address')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', False), ('withdrawn_at__isnull', True)), fields=('petition', 'address_hash'), name='one_signature_per_address'), models.CheckConstraint(condition=models.Q(('review__in', ['none', 'quarantined', 'removed'])), name='signature_review_is_known'), models.CheckConstraint(condition=models.Q(('country__regex', '^[A-Z]{2}$')), name='signature_country_is_a_code'), models.CheckConstraint(condition=models.Q(models.Q(('address_hash__isnull', False), ('email__isnull', False), ('name__isnull', False)), ('erased_at__isnull', False), _connector='OR'), name='signature_is_whole_or_erased'), models.CheckConstraint(condition=models.Q(('erased_at__isnull', True), models.Q(('address_hash__isnull', True), ('client_hash__isnull', True), ('comment__isnull', True), ('email__isnull', True), ('name__isnull', True), ('name_hash__isnull', True)), _connector='OR'), name='erased_signature_is_blank'), models.CheckConstraint(condition=models.Q(('decision__isnull', True), models.Q(('review', 'none'), _negated=True), _connector='OR'), name='decided_signature_is_out'), models.CheckConstraint(condition=models.Q(('confirmed_at__isnull', True), ('consent_text__isnull', False), _connector='OR'), name='confirmed_signature_has_consent')],
            },
        ),
        migrations.CreateModel(
            name='StandingDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address_hash', models.BinaryField(max_length=32)),
                ('hash_version', models.SmallIntegerField()),
                ('hash_rule', models.SmallIntegerField(db_default=1)),
                ('review', models.CharField(choices=[('none', 'none'), ('quarantined', 'quarantined'), ('removed', 'removed')], max_length=12)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standing_decisions', to='petitions.decision')),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='standing_decisions', to='petitions.petition')),
            ],
            options={
                'indexes': [models.Index(fields=['address_hash'], name='standing_decision_by_address')],
                'constraints': [models.UniqueConstraint(fields=('petition', 'address_hash'), name='one_standing_decision_per_address'), models.CheckConstraint(condition=models.Q(('review__in', ['quarantined', 'removed'])), name='standing_decision_takes_out')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.DateTimeField()),
                ('country', models.CharField(max_length=2)),
                ('signatures', models.IntegerField()),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tallies', to='petitions.petition')),
            ],
            options={
                'verbose_name_plural': 'tallies',
                'constraints': [models.UniqueConstraint(fields=('petition', 'start', 'country'), name='one_tally_per_cell')],
            },
        ),
        migrations.CreateModel(
            name='ToldCountry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(blank=True, max_length=2)),
                ('signatures', models.PositiveIntegerField()),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='told_countries', to='petitions.petition')),
            ],
            options={
                'verbose_name_plural': 'told countries',
                'constraints': [models.UniqueConstraint(fields=('petition', 'country'), name='one_told_country'), models.CheckConstraint(condition=models.Q(('signatures__gte', 5)), name='told_country_is_no_handful')],
            },
        ),
        migrations.CreateModel(
            name='ToldSpan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.DateTimeField()),
                ('end', models.DateTimeField()),
                ('signatures', models.PositiveIntegerField()),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='told_spans', to='petitions.petition')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('petition', 'start'), name='one_told_span_a_start'), models.CheckConstraint(condition=models.Q(('signatures', 0), ('signatures__gte', 5), _connector='OR'), name='told_span_is_no_handful')],
            },
        ),
        migrations.CreateModel(
            name='Mailing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.UUIDField(unique=True)),
                ('address_hash', models.BinaryField(max_length=32)),
                ('hash_version', models.SmallIntegerField()),
                ('hash_rule', models.SmallIntegerField(db_default=1)),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('petition', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='petitions.petition')),
            ],
            options={
                'indexes': [models.Index(fields=['address_hash', 'begun_at'], name='mailing_by_address')],
            },
        ),
        migrations.CreateModel(
            name='PetitionTranslation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='title')),
                ('text', models.TextField(blank=True, verbose_name='what people sign')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='petitions.petition')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('original', 'language'), name='petitiontranslation_once_a_language')],
            },
        ),
        migrations.CreateModel(
            name='Reveal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.UUIDField(verbose_name='signature')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who looked')),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='petitions.petition', verbose_name='petition')),
            ],
            options={
                'ordering': ['-at'],
                'indexes': [models.Index(fields=['by', 'at'], name='reveal_by_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='reveal_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalPetition',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('title', models.CharField(help_text='Named in the confirmation mail.', max_length=200, verbose_name='title')),
                ('text', models.TextField(help_text='Markdown. The exact words that people put their names to.', verbose_name='what people sign')),
                ('opens_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='opens')),
                ('closes_at', models.DateTimeField(blank=True, help_text='Once it has closed, this stays: from here we count how long we know who signed. To open it again, set the campaign live again.', null=True, verbose_name='closes')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical petition',
                'verbose_name_plural': 'historical petitions',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalPetitionTranslation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='title')),
                ('text', models.TextField(blank=True, verbose_name='what people sign')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('original', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='petitions.petition')),
            ],
            options={
                'verbose_name': 'historical petition translation',
                'verbose_name_plural': 'historical petition translations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
    operations = [CreateTables(tables), migrations.RunSQL(GUARDS, UNGUARD)]

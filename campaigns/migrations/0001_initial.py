import actions.length
import campaigns.models.campaign
import core.crypto.fields
import core.crypto.ids
import core.text.translations
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from core.migrating import CreateTables

# What the database refuses, whichever way somebody would try it.
GUARDS = """
-- What hangs on the launch (the address that stays, a safety level that only rises) can't be got rid of by undoing it.
CREATE FUNCTION campaigns_launch_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A campaign that was launched stays launched.' USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER launch_stays BEFORE UPDATE OF launched_at ON campaigns_campaign
FOR EACH ROW WHEN (OLD.launched_at IS NOT NULL AND NEW.launched_at IS NULL) EXECUTE FUNCTION campaigns_launch_guard();

-- What everybody could read does not go without a word.
CREATE FUNCTION campaigns_was_public(campaign bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM campaigns_campaign WHERE id = campaign AND (status <> 'draft' OR launched_at IS NOT NULL))
        OR EXISTS (SELECT 1 FROM campaigns_historicalcampaign WHERE id = campaign AND status <> 'draft')
$$;

CREATE FUNCTION campaigns_public_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'What was withdrawn stays withdrawn.' USING ERRCODE = 'check_violation';
    ELSIF campaigns_was_public(OLD.campaign_id) THEN
        RAISE EXCEPTION 'What was public is not deleted: withdraw it.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
END $$;

CREATE FUNCTION campaigns_publication_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF campaigns_was_public(OLD.campaign_id) THEN
        RAISE EXCEPTION 'What was published stays published: withdraw it.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER public_response_stays BEFORE DELETE ON campaigns_response
FOR EACH ROW EXECUTE FUNCTION campaigns_public_guard();
CREATE TRIGGER public_moment_stays BEFORE DELETE ON campaigns_keymoment
FOR EACH ROW EXECUTE FUNCTION campaigns_public_guard();
CREATE TRIGGER public_update_stays BEFORE DELETE ON campaigns_update
FOR EACH ROW WHEN (OLD.published_at <= now()) EXECUTE FUNCTION campaigns_public_guard();
CREATE TRIGGER published_update_stays BEFORE UPDATE OF published_at ON campaigns_update
FOR EACH ROW WHEN (OLD.published_at <= now() AND (NEW.published_at IS NULL OR NEW.published_at > now())) EXECUTE FUNCTION campaigns_publication_guard();

CREATE TRIGGER response_stays_withdrawn BEFORE UPDATE OF withdrawn_at ON campaigns_response
FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL) EXECUTE FUNCTION campaigns_public_guard();
CREATE TRIGGER moment_stays_withdrawn BEFORE UPDATE OF withdrawn_at ON campaigns_keymoment
FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL) EXECUTE FUNCTION campaigns_public_guard();
CREATE TRIGGER update_stays_withdrawn BEFORE UPDATE OF withdrawn_at ON campaigns_update
FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL) EXECUTE FUNCTION campaigns_public_guard();
"""
UNGUARD = """
DROP FUNCTION campaigns_launch_guard() CASCADE;
DROP FUNCTION campaigns_public_guard() CASCADE;
DROP FUNCTION campaigns_publication_guard() CASCADE;
DROP FUNCTION campaigns_was_public(bigint);
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('actions', '0001_initial'),
        ('petitions', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    tables = [
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text='Part of every address, for good: nobody can edit a post after the launch.', unique=True, verbose_name='slug')),
                ('headline', models.CharField(help_text="It is a post in itself, with the target's handle: at most 280 characters as X counts.", max_length=500, validators=[actions.length.validate], verbose_name='headline')),
                ('goal_statement', models.CharField(help_text='What will be different when you have won.', max_length=300, verbose_name='goal')),
                ('signature_goal', models.PositiveIntegerField(default=10000, validators=[django.core.validators.MinValueValidator(1)], verbose_name='signature goal')),
                ('tweet_goal', models.PositiveIntegerField(default=1000, validators=[django.core.validators.MinValueValidator(1)], verbose_name='tweet goal')),
                ('status', models.CharField(choices=[('draft', 'draft'), ('interest', 'interest'), ('live', 'live'), ('closed', 'closed'), ('archived', 'archived')], default='draft', max_length=12, verbose_name='status')),
                ('language', models.CharField(default='en', help_text='The language of the texts here. Once this is saved, you can add others.', max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('time_zone', models.CharField(default='UTC', max_length=64, validators=[campaigns.models.campaign.known_zone], verbose_name='time zone')),
                ('story', models.TextField(blank=True, help_text='Markdown.', verbose_name='story')),
                ('notice', models.TextField(blank=True, help_text='Shown on every page of this campaign, in Markdown. For example, say what is made up.', verbose_name='notice')),
                ('organiser', models.CharField(max_length=120, verbose_name='who runs this')),
                ('safety', models.CharField(choices=[('standard', 'standard'), ('elevated', 'elevated: signing may cost a job'), ('high', 'high: signing may cost freedom')], default='standard', help_text='Sets names, comments, countries, steps of the totals, retention, mail wording and advice together.', max_length=12, verbose_name='safety level')),
                ('accent', models.CharField(choices=[('red', 'red'), ('orange', 'orange'), ('amber', 'amber'), ('olive', 'olive'), ('green', 'green'), ('teal', 'teal'), ('blue', 'blue'), ('indigo', 'indigo'), ('violet', 'violet'), ('plum', 'plum'), ('pink', 'pink'), ('slate', 'slate')], default='red', max_length=12, verbose_name='accent colour')),
                ('launched_at', models.DateTimeField(editable=False, null=True, verbose_name='launched')),
                ('pledge_threshold', models.PositiveIntegerField(blank=True, help_text='While the status is “interest”: how many must say “I will take part” before it goes ahead. Leave empty to take no pledges.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='pledges needed to go ahead')),
                ('forecast', models.PositiveIntegerField(editable=False, null=True, verbose_name='forecast')),
                ('petition', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='petitions.petition')),
                ('tweet_action', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='actions.tweetaction')),
            ],
            options={
                'ordering': ['-launched_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('signature_goal__gt', 0), ('tweet_goal__gt', 0)), name='goals_are_positive'), models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'interest', 'live', 'closed', 'archived'])), name='campaign_status_is_known'), models.CheckConstraint(condition=models.Q(('safety__in', ['standard', 'elevated', 'high'])), name='campaign_safety_is_known')],
            },
            bases=(core.text.translations.Translatable, models.Model),
        ),
        migrations.CreateModel(
            name='CampaignTranslation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('headline', models.CharField(blank=True, max_length=500, validators=[actions.length.validate], verbose_name='headline')),
                ('goal_statement', models.CharField(blank=True, max_length=300, verbose_name='goal')),
                ('story', models.TextField(blank=True, verbose_name='story')),
                ('notice', models.TextField(blank=True, verbose_name='notice')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='campaigns.campaign')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('original', 'language'), name='campaigntranslation_once_a_language')],
            },
        ),
        migrations.CreateModel(
            name='Demand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=1, verbose_name='position')),
                ('title', models.CharField(max_length=200, verbose_name='demand')),
                ('outcome', models.CharField(choices=[('open', 'open'), ('acknowledged', 'acknowledged'), ('answered', 'answered'), ('promised', 'promised'), ('partly', 'partly met'), ('met', 'met'), ('refused', 'refused')], default='open', max_length=12, verbose_name='outcome')),
                ('since', models.DateField(default=django.utils.timezone.localdate, validators=[campaigns.models.campaign.plausible], verbose_name='since')),
                ('evidence', models.TextField(blank=True, help_text='Markdown: how people can see that this is the outcome.', verbose_name='evidence')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='demands', to='campaigns.campaign')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['open', 'acknowledged', 'answered', 'promised', 'partly', 'met', 'refused'])), name='demand_outcome_is_known')],
            },
            bases=(core.text.translations.Translatable, models.Model),
        ),
        migrations.CreateModel(
            name='DemandTranslation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='demand')),
                ('evidence', models.TextField(blank=True, verbose_name='evidence')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='campaigns.demand')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('original', 'language'), name='demandtranslation_once_a_language')],
            },
        ),
        migrations.CreateModel(
            name='KeyMoment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True, verbose_name='withdrawn')),
                ('withdrawn_because', models.CharField(blank=True, editable=False, max_length=300, verbose_name='withdrawn because')),
                ('title', models.CharField(max_length=200, verbose_name='what')),
                ('starts_at', models.DateTimeField(help_text='For a day of action: the start of its window.', validators=[campaigns.models.campaign.plausible], verbose_name='when')),
                ('ends_at', models.DateTimeField(blank=True, null=True, validators=[campaigns.models.campaign.plausible], verbose_name='until')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='where')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('is_day_of_action', models.BooleanField(default=False, verbose_name='day of action')),
                ('moved_from', models.DateTimeField(editable=False, null=True, verbose_name='moved from')),
                ('moved_because', models.CharField(blank=True, editable=False, max_length=200, verbose_name='moved because')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moments', to='campaigns.campaign')),
                ('samples', models.ManyToManyField(blank=True, help_text='Offered only while it lasts (without an end, for a day).', related_name='moments', to='actions.sampletweet', verbose_name='samples of this moment')),
            ],
            options={
                'ordering': ['starts_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__isnull', True), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='moment_ends_after_its_start', violation_error_message='A moment must end after it starts.'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_because', '')), models.Q(('withdrawn_at__isnull', False), models.Q(('withdrawn_because', ''), _negated=True)), _connector='OR'), name='moment_withdrawn_for_a_reason')],
            },
            bases=(core.text.translations.Translatable, models.Model),
        ),
        migrations.CreateModel(
            name='KeyMomentTranslation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='what')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='where')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='campaigns.keymoment')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('original', 'language'), name='keymomenttranslation_once_a_language')],
            },
        ),
        migrations.CreateModel(
            name='Pledge',
            fields=[
                ('mail_due_at', models.DateTimeField(editable=False, null=True, verbose_name='mail due')),
                ('mail_attempts', models.SmallIntegerField(default=0, editable=False, verbose_name='unfinished attempts')),
                ('mailed_at', models.DateTimeField(editable=False, null=True, verbose_name='mail sent')),
                ('id', models.UUIDField(default=core.crypto.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('email', core.crypto.fields.EncryptedTextField(verbose_name='e-mail')),
                ('address_hash', models.BinaryField(max_length=32)),
                ('hash_version', models.SmallIntegerField()),
                ('hash_rule', models.SmallIntegerField(db_default=1)),
                ('language', models.CharField(default='en', max_length=12)),
                ('network', models.CharField(choices=[('x', 'X'), ('bluesky', 'Bluesky'), ('threads', 'Threads'), ('mastodon', 'Mastodon'), ('other', 'elsewhere')], default='x', max_length=12, verbose_name='where')),
                ('remind', models.CharField(choices=[('day', 'a day before'), ('hour', 'an hour before'), ('start', 'when it begins')], default='day', max_length=8, verbose_name='remind me')),
                ('pledged_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='pledged')),
                ('confirmed_at', models.DateTimeField(editable=False, null=True, verbose_name='confirmed')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pledges', to='campaigns.campaign')),
                ('consent_text', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='petitions.consenttext')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('mail_due_at__isnull', False)), fields=['mail_due_at'], name='pledge_mail_due'), models.Index(fields=['address_hash'], name='pledge_by_address')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', False)), fields=('campaign', 'address_hash'), name='one_pledge_per_address'), models.CheckConstraint(condition=models.Q(('network__in', ['x', 'bluesky', 'threads', 'mastodon', 'other'])), name='pledge_network_is_known'), models.CheckConstraint(condition=models.Q(('remind__in', ['day', 'hour', 'start'])), name='pledge_reminder_is_known'), models.CheckConstraint(condition=models.Q(('confirmed_at__isnull', True), ('consent_text__isnull', False), _connector='OR'), name='confirmed_pledge_has_consent')],
            },
        ),
        migrations.CreateModel(
            name='PressKit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('embargo_until', models.DateTimeField(blank=True, null=True, validators=[campaigns.models.campaign.plausible], verbose_name='embargo until')),
                ('text', models.TextField(help_text='Markdown.', verbose_name='press release')),
                ('facts', models.TextField(blank=True, help_text='Markdown: figures with their sources.', verbose_name='facts')),
                ('contact', models.TextField(help_text='Markdown: who answers the press, and when.', verbose_name='contact')),
                ('campaign', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='press_kit', to='campaigns.campaign')),
            ],
            bases=(core.text.translations.Translatable, models.Model),
        ),
        migrations.CreateModel(
            name='PressImage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.BinaryField()),
                ('width', models.PositiveIntegerField(editable=False)),
                ('height', models.PositiveIntegerField(editable=False)),
                ('alt', models.CharField(max_length=300, verbose_name='what can be seen')),
                ('credit', models.CharField(max_length=120, verbose_name='picture credit')),
                ('kit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='images', to='campaigns.presskit')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('alt', ''), _negated=True), name='press_image_has_a_description')],
            },
            bases=(core.text.translations.Translatable, models.Model),
        ),
        migrations.CreateModel(
            name='PressImageTranslation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('alt', models.CharField(blank=True, max_length=300, verbose_name='what can be seen')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='campaigns.pressimage')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('original', 'language'), name='pressimagetranslation_once_a_language')],
            },
        ),
        migrations.CreateModel(
            name='PressKitTranslation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('text', models.TextField(blank=True, verbose_name='press release')),
                ('facts', models.TextField(blank=True, verbose_name='facts')),
                ('contact', models.TextField(blank=True, verbose_name='contact')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='campaigns.presskit')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('original', 'language'), name='presskittranslation_once_a_language')],
            },
        ),
        migrations.CreateModel(
            name='Recap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(help_text='Markdown.', verbose_name='text')),
                ('published_at', models.DateTimeField(blank=True, null=True, validators=[campaigns.models.campaign.plausible], verbose_name='published')),
                ('campaign', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='recap', to='campaigns.campaign')),
            ],
            bases=(core.text.translations.Translatable, models.Model),
        ),
        migrations.CreateModel(
            name='RecapTranslation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='campaigns.recap')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('original', 'language'), name='recaptranslation_once_a_language')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mail_due_at', models.DateTimeField(editable=False, null=True, verbose_name='mail due')),
                ('mail_attempts', models.SmallIntegerField(default=0, editable=False, verbose_name='unfinished attempts')),
                ('mailed_at', models.DateTimeField(editable=False, null=True, verbose_name='mail sent')),
                ('starts_at', models.DateTimeField()),
                ('moment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='campaigns.keymoment')),
                ('pledge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='campaigns.pledge')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('mail_due_at__isnull', False)), fields=['mail_due_at'], name='reminder_mail_due')],
                'constraints': [models.UniqueConstraint(fields=('pledge', 'moment', 'starts_at'), name='one_reminder_per_moment')],
            },
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True, verbose_name='withdrawn')),
                ('withdrawn_because', models.CharField(blank=True, editable=False, max_length=300, verbose_name='withdrawn because')),
                ('speaker', models.CharField(max_length=120, verbose_name='who said it')),
                ('said_at', models.DateTimeField(default=django.utils.timezone.now, validators=[campaigns.models.campaign.plausible], verbose_name='when')),
                ('where', models.CharField(max_length=200, verbose_name='where')),
                ('link', models.URLField(blank=True, verbose_name='link')),
                ('evidence', models.TextField(blank=True, help_text='Markdown: where else people can see it if the link dies.', verbose_name='evidence')),
                ('words', models.TextField(help_text='Word for word. If there is only a report of it, say so.', verbose_name='exact words')),
                ('outcome', models.CharField(blank=True, choices=[('open', 'open'), ('acknowledged', 'acknowledged'), ('answered', 'answered'), ('promised', 'promised'), ('partly', 'partly met'), ('met', 'met'), ('refused', 'refused')], max_length=12, verbose_name='to which outcome')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='responses', to='campaigns.campaign')),
                ('demand', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='campaigns.demand', verbose_name='moves the demand')),
                ('target', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='actions.target', verbose_name='target')),
            ],
            options={
                'ordering': ['-said_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('demand__isnull', True), ('outcome', '')), models.Q(('demand__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='response_moves_demand_to_outcome', violation_error_message='Say both which demand this moves and to which outcome, or leave both empty.'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_because', '')), models.Q(('withdrawn_at__isnull', False), models.Q(('withdrawn_because', ''), _negated=True)), _connector='OR'), name='response_withdrawn_for_a_reason')],
            },
            bases=(core.text.translations.Translatable, models.Model),
        ),
        migrations.CreateModel(
            name='RecapEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=1, verbose_name='position')),
                ('text', models.TextField(blank=True, help_text='Markdown.', verbose_name='text')),
                ('recap', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='campaigns.recap')),
                ('tweet', models.ForeignKey(blank=True, limit_choices_to={'review': 'approved'}, null=True, on_delete=django.db.models.deletion.SET_NULL, to='actions.tweet', verbose_name='post')),
                ('response', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='campaigns.response', verbose_name='response')),
            ],
            options={
                'verbose_name_plural': 'recap entries',
                'ordering': ['position', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('tweet__isnull', True), ('response__isnull', True), _connector='OR'), name='recap_entry_is_one_thing', violation_error_message='A part shows a post or a response, not both.')],
            },
            bases=(core.text.translations.Translatable, models.Model),
        ),
        migrations.CreateModel(
            name='RecapEntryTranslation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='campaigns.recapentry')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('original', 'language'), name='recapentrytranslation_once_a_language')],
            },
        ),
        migrations.CreateModel(
            name='ResponseTranslation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('where', models.CharField(blank=True, max_length=200, verbose_name='where')),
                ('words', models.TextField(blank=True, verbose_name='exact words')),
                ('evidence', models.TextField(blank=True, verbose_name='evidence')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='campaigns.response')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('original', 'language'), name='responsetranslation_once_a_language')],
            },
        ),
        migrations.CreateModel(
            name='Update',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True, verbose_name='withdrawn')),
                ('withdrawn_because', models.CharField(blank=True, editable=False, max_length=300, verbose_name='withdrawn because')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('text', models.TextField(help_text='Markdown.', verbose_name='text')),
                ('published_at', models.DateTimeField(blank=True, help_text='Leave empty for a draft. With a time in the future, it appears then.', null=True, validators=[campaigns.models.campaign.plausible], verbose_name='published')),
                ('mailing_at', models.DateTimeField(editable=False, null=True, verbose_name='mailed from')),
                ('addressed_at', models.DateTimeField(editable=False, null=True, verbose_name='all addressed')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='updates', to='campaigns.campaign')),
                ('moment', models.ForeignKey(blank=True, help_text='Moves with it until it is published.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='updates', to='campaigns.keymoment', verbose_name='tied to')),
            ],
            options={
                'ordering': ['-published_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_because', '')), models.Q(('withdrawn_at__isnull', False), models.Q(('withdrawn_because', ''), _negated=True)), _connector='OR'), name='update_withdrawn_for_a_reason')],
            },
            bases=(core.text.translations.Translatable, models.Model),
        ),
        migrations.CreateModel(
            name='UpdateMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mail_due_at', models.DateTimeField(editable=False, null=True, verbose_name='mail due')),
                ('mail_attempts', models.SmallIntegerField(default=0, editable=False, verbose_name='unfinished attempts')),
                ('mailed_at', models.DateTimeField(editable=False, null=True, verbose_name='mail sent')),
                ('signature', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='petitions.signature')),
                ('update', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='campaigns.update')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('mail_due_at__isnull', False)), fields=['mail_due_at'], name='updatemail_mail_due')],
                'constraints': [models.UniqueConstraint(fields=('update', 'signature'), name='one_mail_per_update_and_signer')],
            },
        ),
        migrations.CreateModel(
            name='UpdateTranslation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='title')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='campaigns.update')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('original', 'language'), name='updatetranslation_once_a_language')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalCampaign',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('slug', models.SlugField(help_text='Part of every address, for good: nobody can edit a post after the launch.', verbose_name='slug')),
                ('headline', models.CharField(help_text="It is a post in itself, with the target's handle: at most 280 characters as X counts.", max_length=500, validators=[actions.length.validate], verbose_name='headline')),
                ('goal_statement', models.CharField(help_text='What will be different when you have won.', max_length=300, verbose_name='goal')),
                ('signature_goal', models.PositiveIntegerField(default=10000, validators=[django.core.validators.MinValueValidator(1)], verbose_name='signature goal')),
                ('tweet_goal', models.PositiveIntegerField(default=1000, validators=[django.core.validators.MinValueValidator(1)], verbose_name='tweet goal')),
                ('status', models.CharField(choices=[('draft', 'draft'), ('interest', 'interest'), ('live', 'live'), ('closed', 'closed'), ('archived', 'archived')], default='draft', max_length=12, verbose_name='status')),
                ('language', models.CharField(default='en', help_text='The language of the texts here. Once this is saved, you can add others.', max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('time_zone', models.CharField(default='UTC', max_length=64, validators=[campaigns.models.campaign.known_zone], verbose_name='time zone')),
                ('story', models.TextField(blank=True, help_text='Markdown.', verbose_name='story')),
                ('notice', models.TextField(blank=True, help_text='Shown on every page of this campaign, in Markdown. For example, say what is made up.', verbose_name='notice')),
                ('organiser', models.CharField(max_length=120, verbose_name='who runs this')),
                ('safety', models.CharField(choices=[('standard', 'standard'), ('elevated', 'elevated: signing may cost a job'), ('high', 'high: signing may cost freedom')], default='standard', help_text='Sets names, comments, countries, steps of the totals, retention, mail wording and advice together.', max_length=12, verbose_name='safety level')),
                ('accent', models.CharField(choices=[('red', 'red'), ('orange', 'orange'), ('amber', 'amber'), ('olive', 'olive'), ('green', 'green'), ('teal', 'teal'), ('blue', 'blue'), ('indigo', 'indigo'), ('violet', 'violet'), ('plum', 'plum'), ('pink', 'pink'), ('slate', 'slate')], default='red', max_length=12, verbose_name='accent colour')),
                ('launched_at', models.DateTimeField(editable=False, null=True, verbose_name='launched')),
                ('pledge_threshold', models.PositiveIntegerField(blank=True, help_text='While the status is “interest”: how many must say “I will take part” before it goes ahead. Leave empty to take no pledges.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='pledges needed to go ahead')),
                ('forecast', models.PositiveIntegerField(editable=False, null=True, verbose_name='forecast')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('petition', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='petitions.petition')),
                ('tweet_action', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.tweetaction')),
            ],
            options={
                'verbose_name': 'historical campaign',
                'verbose_name_plural': 'historical campaigns',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalCampaignTranslation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('headline', models.CharField(blank=True, max_length=500, validators=[actions.length.validate], verbose_name='headline')),
                ('goal_statement', models.CharField(blank=True, max_length=300, verbose_name='goal')),
                ('story', models.TextField(blank=True, verbose_name='story')),
                ('notice', models.TextField(blank=True, verbose_name='notice')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('original', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaigns.campaign')),
            ],
            options={
                'verbose_name': 'historical campaign translation',
                'verbose_name_plural': 'historical campaign translations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalDemand',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=1, verbose_name='position')),
                ('title', models.CharField(max_length=200, verbose_name='demand')),
                ('outcome', models.CharField(choices=[('open', 'open'), ('acknowledged', 'acknowledged'), ('answered', 'answered'), ('promised', 'promised'), ('partly', 'partly met'), ('met', 'met'), ('refused', 'refused')], default='open', max_length=12, verbose_name='outcome')),
                ('since', models.DateField(default=django.utils.timezone.localdate, validators=[campaigns.models.campaign.plausible], verbose_name='since')),
                ('evidence', models.TextField(blank=True, help_text='Markdown: how people can see that this is the outcome.', verbose_name='evidence')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('campaign', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaigns.campaign')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical demand',
                'verbose_name_plural': 'historical demands',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalDemandTranslation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='demand')),
                ('evidence', models.TextField(blank=True, verbose_name='evidence')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('original', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaigns.demand')),
            ],
            options={
                'verbose_name': 'historical demand translation',
                'verbose_name_plural': 'historical demand translations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalKeyMoment',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True, verbose_name='withdrawn')),
                ('withdrawn_because', models.CharField(blank=True, editable=False, max_length=300, verbose_name='withdrawn because')),
                ('title', models.CharField(max_length=200, verbose_name='what')),
                ('starts_at', models.DateTimeField(help_text='For a day of action: the start of its window.', validators=[campaigns.models.campaign.plausible], verbose_name='when')),
                ('ends_at', models.DateTimeField(blank=True, null=True, validators=[campaigns.models.campaign.plausible], verbose_name='until')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='where')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('is_day_of_action', models.BooleanField(default=False, verbose_name='day of action')),
                ('moved_from', models.DateTimeField(editable=False, null=True, verbose_name='moved from')),
                ('moved_because', models.CharField(blank=True, editable=False, max_length=200, verbose_name='moved because')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('campaign', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaigns.campaign')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical key moment',
                'verbose_name_plural': 'historical key moments',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalPressKit',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('embargo_until', models.DateTimeField(blank=True, null=True, validators=[campaigns.models.campaign.plausible], verbose_name='embargo until')),
                ('text', models.TextField(help_text='Markdown.', verbose_name='press release')),
                ('facts', models.TextField(blank=True, help_text='Markdown: figures with their sources.', verbose_name='facts')),
                ('contact', models.TextField(help_text='Markdown: who answers the press, and when.', verbose_name='contact')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('campaign', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaigns.campaign')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical press kit',
                'verbose_name_plural': 'historical press kits',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalRecap',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('text', models.TextField(help_text='Markdown.', verbose_name='text')),
                ('published_at', models.DateTimeField(blank=True, null=True, validators=[campaigns.models.campaign.plausible], verbose_name='published')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('campaign', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaigns.campaign')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical recap',
                'verbose_name_plural': 'historical recaps',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalResponse',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True, verbose_name='withdrawn')),
                ('withdrawn_because', models.CharField(blank=True, editable=False, max_length=300, verbose_name='withdrawn because')),
                ('speaker', models.CharField(max_length=120, verbose_name='who said it')),
                ('said_at', models.DateTimeField(default=django.utils.timezone.now, validators=[campaigns.models.campaign.plausible], verbose_name='when')),
                ('where', models.CharField(max_length=200, verbose_name='where')),
                ('link', models.URLField(blank=True, verbose_name='link')),
                ('evidence', models.TextField(blank=True, help_text='Markdown: where else people can see it if the link dies.', verbose_name='evidence')),
                ('words', models.TextField(help_text='Word for word. If there is only a report of it, say so.', verbose_name='exact words')),
                ('outcome', models.CharField(blank=True, choices=[('open', 'open'), ('acknowledged', 'acknowledged'), ('answered', 'answered'), ('promised', 'promised'), ('partly', 'partly met'), ('met', 'met'), ('refused', 'refused')], max_length=12, verbose_name='to which outcome')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('campaign', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaigns.campaign')),
                ('demand', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaigns.demand', verbose_name='moves the demand')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('target', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.target', verbose_name='target')),
            ],
            options={
                'verbose_name': 'historical response',
                'verbose_name_plural': 'historical responses',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalUpdate',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True, verbose_name='withdrawn')),
                ('withdrawn_because', models.CharField(blank=True, editable=False, max_length=300, verbose_name='withdrawn because')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('text', models.TextField(help_text='Markdown.', verbose_name='text')),
                ('published_at', models.DateTimeField(blank=True, help_text='Leave empty for a draft. With a time in the future, it appears then.', null=True, validators=[campaigns.models.campaign.plausible], verbose_name='published')),
                ('mailing_at', models.DateTimeField(editable=False, null=True, verbose_name='mailed from')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('campaign', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaigns.campaign')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('moment', models.ForeignKey(blank=True, db_constraint=False, help_text='Moves with it until it is published.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaigns.keymoment', verbose_name='tied to')),
            ],
            options={
                'verbose_name': 'historical update',
                'verbose_name_plural': 'historical updates',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalKeyMomentTranslation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='what')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='where')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('original', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaigns.keymoment')),
            ],
            options={
                'verbose_name': 'historical key moment translation',
                'verbose_name_plural': 'historical key moment translations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalPressImageTranslation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('alt', models.CharField(blank=True, max_length=300, verbose_name='what can be seen')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('original', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaigns.pressimage')),
            ],
            options={
                'verbose_name': 'historical press image translation',
                'verbose_name_plural': 'historical press image translations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalPressKitTranslation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('text', models.TextField(blank=True, verbose_name='press release')),
                ('facts', models.TextField(blank=True, verbose_name='facts')),
                ('contact', models.TextField(blank=True, verbose_name='contact')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('original', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaigns.presskit')),
            ],
            options={
                'verbose_name': 'historical press kit translation',
                'verbose_name_plural': 'historical press kit translations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalRecapTranslation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('original', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaigns.recap')),
            ],
            options={
                'verbose_name': 'historical recap translation',
                'verbose_name_plural': 'historical recap translations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalRecapEntryTranslation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('original', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaigns.recapentry')),
            ],
            options={
                'verbose_name': 'historical recap entry translation',
                'verbose_name_plural': 'historical recap entry translations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalResponseTranslation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('where', models.CharField(blank=True, max_length=200, verbose_name='where')),
                ('words', models.TextField(blank=True, verbose_name='exact words')),
                ('evidence', models.TextField(blank=True, verbose_name='evidence')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('original', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaigns.response')),
            ],
            options={
                'verbose_name': 'historical response translation',
                'verbose_name_plural': 'historical response translations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalRecapEntry',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=1, verbose_name='position')),
                ('text', models.TextField(blank=True, help_text='Markdown.', verbose_name='text')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tweet', models.ForeignKey(blank=True, db_constraint=False, limit_choices_to={'review': 'approved'}, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.tweet', verbose_name='post')),
                ('recap', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaigns.recap')),
                ('response', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaigns.response', verbose_name='response')),
            ],
            options={
                'verbose_name': 'historical recap entry',
                'verbose_name_plural': 'historical recap entries',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalUpdateTranslation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='title')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('original', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaigns.update')),
            ],
            options={
                'verbose_name': 'historical update translation',
                'verbose_name_plural': 'historical update translations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
    operations = [CreateTables(tables), migrations.RunSQL(GUARDS, UNGUARD)]

import actions.length
import core.text.translations
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

from core.migrating import CreateTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    tables = [
        migrations.CreateModel(
            name='Endpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True)),
                ('blocked_until', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('answered_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('post_hash', models.BinaryField(max_length=32, unique=True)),
                ('since', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='PaidRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('kind', models.CharField(max_length=4)),
                ('item_id', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('day', 'kind', 'item_id'), name='one_bill_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('committed_id', models.BigIntegerField(editable=False, null=True)),
                ('read_at', models.DateTimeField(editable=False, null=True)),
                ('refused', models.CharField(blank=True, default='', editable=False, max_length=300, verbose_name='refused by X')),
                ('name', models.CharField(help_text='An institution or an office-holder; never a private person.', max_length=120, verbose_name='name')),
                ('kind', models.CharField(choices=[('institution', 'institution'), ('office', 'office-holder'), ('senior', 'senior official')], default='institution', max_length=12, verbose_name='kind')),
                ('x_handle', models.CharField(help_text='Without @.', max_length=15, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9_]{1,15}$', 'A handle has 1 to 15 letters, digits or underscores, without @.')], verbose_name='handle on X')),
                ('x_user_id', models.BigIntegerField(editable=False, null=True)),
                ('resolved_handle', models.CharField(default='', editable=False, max_length=15)),
                ('reason', models.TextField(help_text='Shown to everyone: what power this office has.', verbose_name='why it can decide')),
                ('language', models.CharField(default='en', max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('is_fictional', models.BooleanField(default=False, help_text='For made-up examples: the pages say so.', verbose_name='fictional')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='target_has_a_reason'), models.CheckConstraint(condition=models.Q(('kind__in', ['institution', 'office', 'senior'])), name='target_kind_is_known')],
            },
            bases=(core.text.translations.Translatable, models.Model),
        ),
        migrations.CreateModel(
            name='TweetAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hashtag', models.CharField(help_text='Without #.', max_length=80, validators=[django.core.validators.RegexValidator('^\\w*[^\\W\\d]\\w*$', 'A hashtag has letters, digits or underscores, without #.')], verbose_name='hashtag')),
                ('hashtag_from', models.DateTimeField(blank=True, help_text='We keep it back until then: no page and no sample shows it before. Leave empty to show it at once.', null=True, verbose_name='hashtag from')),
                ('advice', models.TextField(blank=True, help_text='Shown before the share links: who should think twice, and how to stay civil.', verbose_name='advice')),
                ('budget', models.DecimalField(decimal_places=2, default=Decimal('21'), help_text='US dollars per calendar month. The default plan stays within 21. With less, we first stop reading a sample of the posts.', max_digits=7, validators=[django.core.validators.MinValueValidator(0)], verbose_name='budget for X')),
                ('is_tracking', models.BooleanField(default=False, editable=False, verbose_name='collect from X')),
                ('busy_until', models.DateTimeField(editable=False, null=True)),
                ('more_targets', models.ManyToManyField(blank=True, help_text='We address them in turn: {target} in a sample becomes the handle of whoever is next.', related_name='also_in', to='actions.target', verbose_name='more targets')),
                ('target', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='actions.target')),
            ],
            bases=(core.text.translations.Translatable, models.Model),
        ),
        migrations.CreateModel(
            name='TrackingQuery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('committed_id', models.BigIntegerField(editable=False, null=True)),
                ('read_at', models.DateTimeField(editable=False, null=True)),
                ('refused', models.CharField(blank=True, default='', editable=False, max_length=300, verbose_name='refused by X')),
                ('version', models.PositiveSmallIntegerField()),
                ('query', models.CharField(max_length=512)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('fetched_at', models.DateTimeField(editable=False, null=True)),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='queries', to='actions.tweetaction')),
            ],
            options={
                'verbose_name_plural': 'tracking queries',
                'ordering': ['version'],
                'constraints': [models.UniqueConstraint(fields=('action', 'version'), name='one_query_per_version'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('action',), name='one_query_in_force')],
            },
        ),
        migrations.CreateModel(
            name='SampleTweet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(help_text='The whole post, with handle (or {target}) and hashtag: at most 280 as X counts.', max_length=500, validators=[actions.length.validate_sample], verbose_name='text')),
                ('language', models.CharField(default='en', max_length=12, verbose_name='language')),
                ('is_offered', models.BooleanField(default=True, verbose_name='offered')),
                ('is_combined', models.BooleanField(default=False, editable=False, verbose_name='made from parts')),
                ('is_vetoed', models.BooleanField(default=False, verbose_name='vetoed')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='samples', to='actions.tweetaction')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('action', 'text'), name='one_sample_per_text')],
            },
        ),
        migrations.CreateModel(
            name='SamplePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('opening', '1 opening'), ('fact', '2 fact'), ('ask', '3 ask'), ('proof', '4 proof')], max_length=8, verbose_name='part')),
                ('language', models.CharField(default='en', max_length=12, verbose_name='language')),
                ('text', models.CharField(help_text='{target} stands for the handle. Put the hashtag where it belongs.', max_length=280, verbose_name='text')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='actions.tweetaction')),
            ],
            options={
                'ordering': ['language', 'kind', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('action', 'language', 'kind', 'text'), name='one_part_per_text'), models.CheckConstraint(condition=models.Q(('kind__in', ['opening', 'fact', 'ask', 'proof'])), name='part_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='OpeningTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.DateTimeField()),
                ('network', models.CharField(max_length=12)),
                ('opened', models.PositiveIntegerField()),
                ('target', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='opening_tallies', to='actions.target')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opening_tallies', to='actions.tweetaction')),
            ],
            options={
                'verbose_name_plural': 'opening tallies',
                'constraints': [models.UniqueConstraint(fields=('action', 'start', 'network', 'target'), name='one_opening_tally_per_cell', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Opening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('network', models.CharField(max_length=12)),
                ('client_hash', models.BinaryField(max_length=16)),
                ('minute', models.DateTimeField()),
                ('counted', models.BooleanField(default=False)),
                ('sample', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='actions.sampletweet')),
                ('target', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='actions.target')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='actions.tweetaction')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('counted', False)), fields=['id'], name='opening_to_tally')],
                'constraints': [models.UniqueConstraint(fields=('action', 'client_hash', 'minute'), name='one_opening_a_minute')],
            },
        ),
        migrations.CreateModel(
            name='LinkedPost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('network', models.CharField(default='x', max_length=12)),
                ('post_id', models.BigIntegerField(verbose_name='post id')),
                ('linked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='linked')),
                ('tries', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('note', models.CharField(blank=True, max_length=120, verbose_name='note')),
                ('verified_at', models.DateTimeField(editable=False, null=True, verbose_name='verified')),
                ('refused_at', models.DateTimeField(editable=False, null=True, verbose_name='refused')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='linked_posts', to='actions.tweetaction')),
            ],
            options={
                'ordering': ['-linked_at'],
                'constraints': [models.UniqueConstraint(fields=('action', 'network', 'post_id'), name='one_link_per_action_and_post'), models.CheckConstraint(condition=models.Q(('verified_at__isnull', True), ('refused_at__isnull', True), _connector='OR'), name='link_is_verified_or_refused')],
            },
        ),
        migrations.CreateModel(
            name='Contamination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.DateTimeField(verbose_name='from')),
                ('end', models.DateTimeField(verbose_name='until')),
                ('reason', models.CharField(help_text='Shown to everyone.', max_length=300, verbose_name='reason')),
                ('marked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='marked')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contaminations', to='actions.tweetaction')),
            ],
            options={
                'ordering': ['start'],
                'constraints': [models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='contamination_ends_after_its_start', violation_error_message='A span must end after it starts.'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='contamination_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Charge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('sample', 'a sample of matching posts'), ('links', 'looking up linked posts'), ('cards', 'posts to show, with their authors'), ('replies', 'what the targets say'), ('counts', 'counting posts'), ('compliance', 'checking whether shown posts are still there')], max_length=12, verbose_name='purpose')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('reserved', models.DecimalField(decimal_places=4, max_digits=8, verbose_name='reserved')),
                ('actual', models.DecimalField(decimal_places=4, max_digits=8, null=True, verbose_name='settled')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='charges', to='actions.tweetaction')),
            ],
            options={
                'ordering': ['-at'],
                'indexes': [models.Index(fields=['action', 'at'], name='charge_by_month')],
                'constraints': [models.CheckConstraint(condition=models.Q(('purpose__in', ['sample', 'links', 'cards', 'replies', 'counts', 'compliance'])), name='charge_purpose_is_known'), models.CheckConstraint(condition=models.Q(('reserved__gte', 0)), name='charge_is_no_gift')],
            },
        ),
        migrations.CreateModel(
            name='TweetActionTranslation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('advice', models.TextField(blank=True, verbose_name='advice')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='actions.tweetaction')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('original', 'language'), name='tweetactiontranslation_once_a_language')],
            },
        ),
        migrations.CreateModel(
            name='Volume',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.DateTimeField()),
                ('end', models.DateTimeField()),
                ('posts', models.PositiveIntegerField()),
                ('fetched_at', models.DateTimeField()),
                ('query', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='volumes', to='actions.trackingquery')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('query', 'start'), name='one_volume_per_bucket'), models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='bucket_ends_after_its_start')],
            },
        ),
        migrations.CreateModel(
            name='TargetTranslation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('reason', models.TextField(blank=True, verbose_name='why it can decide')),
                ('original', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='actions.target')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('original', 'language'), name='targettranslation_once_a_language')],
            },
        ),
        migrations.CreateModel(
            name='Gap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('after_id', models.BigIntegerField()),
                ('before_id', models.BigIntegerField()),
                ('noted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='noted')),
                ('lost_at', models.DateTimeField(null=True, verbose_name='lost')),
                ('target', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='gaps', to='actions.target')),
                ('query', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='gaps', to='actions.trackingquery')),
            ],
            options={
                'ordering': ['-before_id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('before_id__gt', models.F('after_id'))), name='gap_is_not_empty'), models.CheckConstraint(condition=models.Q(models.Q(('query__isnull', True), ('target__isnull', False)), models.Q(('query__isnull', False), ('target__isnull', True)), _connector='OR'), name='gap_is_in_one_stream')],
            },
        ),
        migrations.CreateModel(
            name='Tweet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('network', models.CharField(default='x', max_length=12)),
                ('post_id', models.BigIntegerField(null=True, verbose_name='post id')),
                ('root_id', models.BigIntegerField(null=True)),
                ('kind', models.CharField(choices=[('matching', 'matches the query'), ('target', 'by the target'), ('linked', 'linked by its author')], max_length=12, verbose_name='kind')),
                ('author_id', models.BigIntegerField(null=True)),
                ('author_handle', models.CharField(blank=True, max_length=15, verbose_name='author')),
                ('author_name', models.CharField(blank=True, max_length=100)),
                ('text', models.TextField(verbose_name='text')),
                ('posted_at', models.DateTimeField(verbose_name='posted')),
                ('collected_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='collected')),
                ('review', models.CharField(choices=[('none', 'not decided'), ('approved', 'approved'), ('refused', 'not shown')], default='none', max_length=12, verbose_name='review')),
                ('checked_at', models.DateTimeField(editable=False, null=True, verbose_name='found on X')),
                ('seen_at', models.DateTimeField(editable=False, null=True, verbose_name='seen by staff')),
                ('gone_at', models.DateTimeField(editable=False, null=True, verbose_name='gone from X')),
                ('query', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tweets', to='actions.trackingquery')),
                ('target', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tweets', to='actions.target')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tweets', to='actions.tweetaction')),
            ],
            options={
                'ordering': ['-posted_at'],
                'constraints': [models.UniqueConstraint(fields=('network', 'root_id'), name='one_row_per_post'), models.CheckConstraint(condition=models.Q(('kind__in', ['matching', 'target', 'linked'])), name='tweet_kind_is_known'), models.CheckConstraint(condition=models.Q(('review__in', ['none', 'approved', 'refused'])), name='tweet_review_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('gone_at__isnull', True), ('post_id__isnull', False), ('root_id__isnull', False)), models.Q(('author_handle', ''), ('author_id', None), ('author_name', ''), ('gone_at__isnull', False), ('post_id', None), ('root_id', None), ('text', '')), _connector='OR'), name='gone_tweet_is_blank')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalTarget',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(help_text='An institution or an office-holder; never a private person.', max_length=120, verbose_name='name')),
                ('kind', models.CharField(choices=[('institution', 'institution'), ('office', 'office-holder'), ('senior', 'senior official')], default='institution', max_length=12, verbose_name='kind')),
                ('x_handle', models.CharField(help_text='Without @.', max_length=15, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9_]{1,15}$', 'A handle has 1 to 15 letters, digits or underscores, without @.')], verbose_name='handle on X')),
                ('reason', models.TextField(help_text='Shown to everyone: what power this office has.', verbose_name='why it can decide')),
                ('language', models.CharField(default='en', max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('is_fictional', models.BooleanField(default=False, help_text='For made-up examples: the pages say so.', verbose_name='fictional')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical target',
                'verbose_name_plural': 'historical targets',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalTweetAction',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('hashtag', models.CharField(help_text='Without #.', max_length=80, validators=[django.core.validators.RegexValidator('^\\w*[^\\W\\d]\\w*$', 'A hashtag has letters, digits or underscores, without #.')], verbose_name='hashtag')),
                ('hashtag_from', models.DateTimeField(blank=True, help_text='We keep it back until then: no page and no sample shows it before. Leave empty to show it at once.', null=True, verbose_name='hashtag from')),
                ('advice', models.TextField(blank=True, help_text='Shown before the share links: who should think twice, and how to stay civil.', verbose_name='advice')),
                ('budget', models.DecimalField(decimal_places=2, default=Decimal('21'), help_text='US dollars per calendar month. The default plan stays within 21. With less, we first stop reading a sample of the posts.', max_digits=7, validators=[django.core.validators.MinValueValidator(0)], verbose_name='budget for X')),
                ('is_tracking', models.BooleanField(default=False, editable=False, verbose_name='collect from X')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('target', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.target')),
            ],
            options={
                'verbose_name': 'historical tweet action',
                'verbose_name_plural': 'historical tweet actions',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalTargetTranslation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('reason', models.TextField(blank=True, verbose_name='why it can decide')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('original', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.target')),
            ],
            options={
                'verbose_name': 'historical target translation',
                'verbose_name_plural': 'historical target translations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalTweetActionTranslation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('language', models.CharField(max_length=35, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z0-9]{2,8})*$', 'The code of a language in lower-case letters. Examples: ar, pt-br, fa')], verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, max_length=64)),
                ('advice', models.TextField(blank=True, verbose_name='advice')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('original', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.tweetaction')),
            ],
            options={
                'verbose_name': 'historical tweet action translation',
                'verbose_name_plural': 'historical tweet action translations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalTweetAction_more_targets',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='actions.historicaltweetaction')),
                ('target', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.target')),
                ('tweetaction', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.tweetaction')),
            ],
            options={
                'verbose_name': 'HistoricalTweetAction_more_targets',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalTrackingQuery',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField()),
                ('query', models.CharField(max_length=512)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('action', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.tweetaction')),
            ],
            options={
                'verbose_name': 'historical tracking query',
                'verbose_name_plural': 'historical tracking queries',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalSampleTweet',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('text', models.CharField(help_text='The whole post, with handle (or {target}) and hashtag: at most 280 as X counts.', max_length=500, validators=[actions.length.validate_sample], verbose_name='text')),
                ('language', models.CharField(default='en', max_length=12, verbose_name='language')),
                ('is_offered', models.BooleanField(default=True, verbose_name='offered')),
                ('is_combined', models.BooleanField(default=False, editable=False, verbose_name='made from parts')),
                ('is_vetoed', models.BooleanField(default=False, verbose_name='vetoed')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('action', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.tweetaction')),
            ],
            options={
                'verbose_name': 'historical sample tweet',
                'verbose_name_plural': 'historical sample tweets',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalSamplePart',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.CharField(choices=[('opening', '1 opening'), ('fact', '2 fact'), ('ask', '3 ask'), ('proof', '4 proof')], max_length=8, verbose_name='part')),
                ('language', models.CharField(default='en', max_length=12, verbose_name='language')),
                ('text', models.CharField(help_text='{target} stands for the handle. Put the hashtag where it belongs.', max_length=280, verbose_name='text')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('action', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.tweetaction')),
            ],
            options={
                'verbose_name': 'historical sample part',
                'verbose_name_plural': 'historical sample parts',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalContamination',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('start', models.DateTimeField(verbose_name='from')),
                ('end', models.DateTimeField(verbose_name='until')),
                ('reason', models.CharField(help_text='Shown to everyone.', max_length=300, verbose_name='reason')),
                ('marked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='marked')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('action', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.tweetaction')),
            ],
            options={
                'verbose_name': 'historical contamination',
                'verbose_name_plural': 'historical contaminations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
    operations = [CreateTables(tables)]

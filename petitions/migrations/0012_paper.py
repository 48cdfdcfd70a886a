import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# What was counted in public stays as two people have seen it; it can be withdrawn, once.
GUARD = """
CREATE FUNCTION petitions_keep_checked_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL OR (NEW.petition_id, NEW.count, NEW.place, NEW.collected_on, NEW.entered_by_id,
        NEW.entered_at, NEW.checked_by_id, NEW.checked_at) IS DISTINCT FROM (OLD.petition_id, OLD.count, OLD.place,
        OLD.collected_on, OLD.entered_by_id, OLD.entered_at, OLD.checked_by_id, OLD.checked_at) THEN
        RAISE EXCEPTION 'a batch of paper that was checked or withdrawn stays as it is'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'checked_paper_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER checked_paper_stays BEFORE UPDATE ON petitions_paperbatch
    FOR EACH ROW WHEN (OLD.checked_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL)
    EXECUTE FUNCTION petitions_keep_checked_paper();
"""
UNGUARD = """
DROP TRIGGER checked_paper_stays ON petitions_paperbatch;
DROP FUNCTION petitions_keep_checked_paper();
"""


class Migration(migrations.Migration):
    safe_because = "its tables are new, and the release before writes none of their rows"

    dependencies = [
        ("petitions", "0011_choosing_jobs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "count",
                    models.PositiveIntegerField(
                        help_text="Only lines that can be read, with a name and a signature.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10000),
                        ],
                        verbose_name="signatures",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        help_text="A place, never a person. Only staff read it.",
                        max_length=120,
                        verbose_name="where they were collected",
                    ),
                ),
                (
                    "collected_on",
                    models.DateField(help_text='The day, or the last of several.', verbose_name="collected on"),
                ),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="entered")),
                ("checked_at", models.DateTimeField(null=True, verbose_name="checked")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="withdrawn")),
                (
                    "withdrawn_because",
                    models.CharField(blank=True, max_length=300, verbose_name="withdrawn because"),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="checked by",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_batches",
                        to="petitions.petition",
                        verbose_name="petition",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="withdrawn by",
                    ),
                ),
            ],
            options={
                "verbose_name": "batch of paper",
                "verbose_name_plural": "batches of paper",
                "ordering": ["-entered_at", "-pk"],
                "permissions": [("check_paperbatch", "Can check batches of paper, and withdraw them")],
                "default_permissions": ("view", "add", "change"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("count__gte", 1), ("count__lte", 10000)),
                        name="paper_batch_has_a_likely_count",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place", ""), _negated=True), name="paper_batch_has_a_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("checked_at__isnull", True), ("checked_by__isnull", True)),
                            models.Q(
                                ("checked_at__isnull", False),
                                ("checked_by__isnull", False),
                                models.Q(("checked_by", models.F("entered_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="paper_batch_needs_another_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawn_at__isnull", True),
                                ("withdrawn_because", ""),
                                ("withdrawn_by__isnull", True),
                            ),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                                models.Q(("withdrawn_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="withdrawn_paper_batch_says_why",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]

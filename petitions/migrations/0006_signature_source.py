from django.db import migrations, models


class Migration(migrations.Migration):
    safe_because = "the release before writes no source, which the constraint takes"
    dependencies = [("petitions", "0005_words_at_the_form")]
    operations = [
        migrations.AddField(
            "signature",
            "source",
            models.CharField("source", max_length=20, null=True, editable=False),
        ),
        migrations.AddConstraint(
            "signature",
            models.CheckConstraint(
                condition=models.Q(
                    ("source__isnull", True), ("source__regex", "^[a-z0-9][a-z0-9-]{0,19}$"), _connector="OR"
                ),
                name="signature_source_is_a_word",
            ),
        ),
    ]

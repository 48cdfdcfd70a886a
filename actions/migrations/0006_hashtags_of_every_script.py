import core.text.hashtags
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0005_terms_of_x"),
    ]

    operations = [
        migrations.AlterField(
            model_name="historicaltweetaction",
            name="hashtag",
            field=models.CharField(
                help_text="Without #.", max_length=80, validators=[core.text.hashtags.validate], verbose_name="hashtag"
            ),
        ),
        migrations.AlterField(
            model_name="tweetaction",
            name="hashtag",
            field=models.CharField(
                help_text="Without #.", max_length=80, validators=[core.text.hashtags.validate], verbose_name="hashtag"
            ),
        ),
    ]

import core.text.hashtags
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0006_sample_of_a_link"),
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

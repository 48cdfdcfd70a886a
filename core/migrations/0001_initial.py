import core.crypto.fields
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='KeyProof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cipher', core.crypto.fields.EncryptedTextField()),
                ('hash_version', models.SmallIntegerField(unique=True)),
                ('hash', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='SigningKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public', models.BinaryField(max_length=32, unique=True)),
                ('secret', core.crypto.fields.EncryptedTextField()),
                ('since', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='SpentChallenge',
            fields=[
                ('id', models.CharField(max_length=22, primary_key=True, serialize=False)),
                ('spent_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='StaffMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mail_due_at', models.DateTimeField(editable=False, null=True, verbose_name='mail due')),
                ('mail_attempts', models.SmallIntegerField(default=0, editable=False, verbose_name='unfinished attempts')),
                ('mailed_at', models.DateTimeField(editable=False, null=True, verbose_name='mail sent')),
                ('to', core.crypto.fields.EncryptedTextField()),
                ('subject', models.CharField(max_length=250)),
                ('text', core.crypto.fields.EncryptedTextField()),
                ('html', core.crypto.fields.EncryptedTextField(blank=True)),
            ],
            options={
                'abstract': False,
            },
        ),
    ]

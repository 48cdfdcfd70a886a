import django.db.models.deletion
from django.db import migrations, models

# The cells stay still until this commits: what is added up below is what the triggers go on from. Nobody who signs or confirms waits for it.
ADD_UP = """
LOCK TABLE petitions_tally IN SHARE ROW EXCLUSIVE MODE;

INSERT INTO petitions_tallybycountry (petition_id, country, signatures)
SELECT petition_id, country, sum(signatures) FROM petitions_tally GROUP BY 1, 2;

INSERT INTO petitions_tallybyhour (petition_id, start, signatures)
SELECT petition_id, date_trunc('hour', start, 'UTC'), sum(signatures) FROM petitions_tally GROUP BY 1, 2;

-- One writer of cells at a time, from before its first cell to its commit. Two that add up the same countries and hours in another
-- order would block each other for good: one upsert ends in two triggers, for the cells that are new and for those that were there.
CREATE FUNCTION petitions_tally_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(3138, 0);
    RETURN NULL;
END $$;

CREATE FUNCTION petitions_tally_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO petitions_tallybycountry AS total (petition_id, country, signatures)
    SELECT petition_id, country, sum(signatures) FROM added GROUP BY 1, 2
    ON CONFLICT (petition_id, country) DO UPDATE SET signatures = total.signatures + excluded.signatures;

    INSERT INTO petitions_tallybyhour AS total (petition_id, start, signatures)
    SELECT petition_id, date_trunc('hour', start, 'UTC'), sum(signatures) FROM added GROUP BY 1, 2
    ON CONFLICT (petition_id, start) DO UPDATE SET signatures = total.signatures + excluded.signatures;
    RETURN NULL;
END $$;

CREATE FUNCTION petitions_tally_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE petitions_tallybycountry AS total SET signatures = total.signatures - gone.signatures
    FROM (SELECT petition_id, country, sum(signatures) AS signatures FROM taken GROUP BY 1, 2) AS gone
    WHERE total.petition_id = gone.petition_id AND total.country = gone.country;

    UPDATE petitions_tallybyhour AS total SET signatures = total.signatures - gone.signatures
    FROM (
        SELECT petition_id, date_trunc('hour', start, 'UTC') AS start, sum(signatures) AS signatures FROM taken GROUP BY 1, 2
    ) AS gone
    WHERE total.petition_id = gone.petition_id AND total.start = gone.start;
    RETURN NULL;
END $$;

CREATE TRIGGER cells_are_written_alone BEFORE INSERT OR UPDATE OR DELETE ON petitions_tally
FOR EACH STATEMENT EXECUTE FUNCTION petitions_tally_alone();

CREATE TRIGGER new_cells_add_up AFTER INSERT ON petitions_tally
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION petitions_tally_added();

CREATE TRIGGER changed_cells_add_up AFTER UPDATE ON petitions_tally
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION petitions_tally_added();

CREATE TRIGGER changed_cells_were_something AFTER UPDATE ON petitions_tally
REFERENCING OLD TABLE AS taken FOR EACH STATEMENT EXECUTE FUNCTION petitions_tally_taken();

CREATE TRIGGER deleted_cells_were_something AFTER DELETE ON petitions_tally
REFERENCING OLD TABLE AS taken FOR EACH STATEMENT EXECUTE FUNCTION petitions_tally_taken();
"""
LEAVE = """
DROP FUNCTION petitions_tally_added() CASCADE;
DROP FUNCTION petitions_tally_taken() CASCADE;
DROP FUNCTION petitions_tally_alone() CASCADE;
"""


class Migration(migrations.Migration):
    safe_because = "cells stay as they are, and whichever release writes them a trigger adds them up"

    dependencies = [
        ('petitions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='TallyByCountry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(max_length=2)),
                ('signatures', models.IntegerField()),
                ('petition', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tallies_by_country', to='petitions.petition')),
            ],
            options={
                'verbose_name_plural': 'tallies by country',
                'constraints': [models.UniqueConstraint(fields=('petition', 'country'), name='one_tally_per_country')],
            },
        ),
        migrations.CreateModel(
            name='TallyByHour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.DateTimeField()),
                ('signatures', models.IntegerField()),
                ('petition', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tallies_by_hour', to='petitions.petition')),
            ],
            options={
                'verbose_name_plural': 'tallies by hour',
                'constraints': [models.UniqueConstraint(fields=('petition', 'start'), name='one_tally_per_hour')],
            },
        ),
        migrations.RunSQL(ADD_UP, LEAVE),
    ]

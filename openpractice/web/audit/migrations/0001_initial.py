"""The table of the record."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One table, read by number and by the two organisations that an entry speaks of."""

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('at', models.CharField(max_length=32)),
                ('person', models.BigIntegerField(null=True)),
                ('who', models.CharField(max_length=200)),
                ('acting_for', models.CharField(db_index=True, max_length=40)),
                ('about', models.CharField(db_index=True, max_length=40)),
                ('action', models.CharField(choices=[('signed_in', 'Signed in'), ('signed_out', 'Signed out'), ('sign_in_failed', 'Failed to sign in'), ('password_changed', 'Changed their password'), ('name_changed', 'Changed their name'), ('second_factor_added', 'Added a second factor'), ('second_factor_removed', 'Removed a second factor'), ('switched', 'Began to act for the organisation'), ('organisation_added', 'Added the organisation'), ('organisation_closed', 'Closed the organisation'), ('invited', 'Invited somebody'), ('invitation_withdrawn', 'Withdrew an invitation'), ('joined', 'Joined'), ('role_changed', 'Changed a role'), ('left', 'Left'), ('removed', "Ended somebody's membership"), ('handed_over', 'Handed over'), ('second_factor_rule', 'Changed who needs a second factor'), ('agreement_proposed', 'Proposed an agreement'), ('agreement_signed', 'Signed an agreement'), ('agreement_withdrawn', 'Withdrew from an agreement'), ('person_deactivated', 'Deactivated a person'), ('record_read', 'Read the record'), ('record_exported', 'Exported the record')], max_length=40)),
                ('detail', models.TextField()),
                ('previous', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
    ]

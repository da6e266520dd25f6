"""Organisations, who acts for them, invitations, and who needs a second factor."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The first tables."""

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('practice', 'General practice'), ('pcn', 'Primary care network'), ('federation', 'Federation of practices'), ('icb', 'Integrated care board'), ('nation', 'National body'), ('acute', 'Hospital trust'), ('pharmacy', 'Community pharmacy'), ('nhs111', 'NHS 111 and out of hours'), ('mental_health', 'Mental health trust'), ('social_care', 'Social care'), ('patient_group', 'Patient group'), ('installation', 'Those who run this installation')], max_length=20)),
                ('made', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('closed', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role_name', models.CharField(choices=[('practice_administrator', 'Practice administrator'), ('clinician', 'Clinician'), ('reception', 'Reception or care navigator'), ('improvement_lead', 'Improvement lead'), ('network_analyst', 'Network analyst'), ('network_manager', 'Network manager'), ('partner', "Partner organisation's leader"), ('commissioner', 'Commissioner'), ('patient_representative', 'Patient representative'), ('system_administrator', 'System administrator')], max_length=40, verbose_name='role')),
                ('email', models.EmailField(max_length=254)),
                ('fingerprint', models.CharField(editable=False, max_length=64, unique=True)),
                ('made', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('expires', models.DateTimeField()),
                ('mailed', models.DateTimeField(editable=False, null=True)),
                ('withdrawn', models.DateTimeField(blank=True, null=True)),
                ('accepted', models.DateTimeField(blank=True, null=True)),
                ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations_accepted', to=settings.AUTH_USER_MODEL)),
                ('invited_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations_made', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='organisations.organisation')),
            ],
            options={
                'ordering': ['-made'],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role_name', models.CharField(choices=[('practice_administrator', 'Practice administrator'), ('clinician', 'Clinician'), ('reception', 'Reception or care navigator'), ('improvement_lead', 'Improvement lead'), ('network_analyst', 'Network analyst'), ('network_manager', 'Network manager'), ('partner', "Partner organisation's leader"), ('commissioner', 'Commissioner'), ('patient_representative', 'Patient representative'), ('system_administrator', 'System administrator')], max_length=40, verbose_name='role')),
                ('began', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('ended', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='organisations.organisation')),
            ],
            options={
                'ordering': ['organisation__name', 'person__name'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended', None)), fields=('person', 'organisation'), name='one_role_in_an_organisation_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='SecondFactorRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role_name', models.CharField(choices=[('practice_administrator', 'Practice administrator'), ('clinician', 'Clinician'), ('reception', 'Reception or care navigator'), ('improvement_lead', 'Improvement lead'), ('network_analyst', 'Network analyst'), ('network_manager', 'Network manager'), ('partner', "Partner organisation's leader"), ('commissioner', 'Commissioner'), ('patient_representative', 'Patient representative'), ('system_administrator', 'System administrator')], max_length=40, verbose_name='role')),
                ('required', models.BooleanField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='second_factor_rules', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'role_name'), name='one_second_factor_rule_for_a_role')],
            },
        ),
    ]

"""Uploads, and the daily chores of the worker."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The first tables."""

    initial = True

    dependencies = [
        ('organisations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Chore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('begun', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('how', models.CharField(choices=[('browser', 'In the browser'), ('token', 'By a program'), ('folder', 'From the watched folder')], max_length=10)),
                ('name', models.CharField(max_length=200)),
                ('size', models.BigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('folder', models.CharField(editable=False, max_length=32, unique=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('reading', 'Being read'), ('loaded', 'Loaded'), ('unchanged', 'Loaded before'), ('refused', 'Refused'), ('failed', 'Not finished'), ('cancelled', 'Cancelled')], default='waiting', max_length=10)),
                ('doing', models.CharField(blank=True, max_length=200)),
                ('done', models.PositiveIntegerField(default=0)),
                ('steps', models.PositiveIntegerField(default=0)),
                ('account', models.JSONField(default=list)),
                ('error', models.TextField(blank=True)),
                ('arrived', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('began', models.DateTimeField(blank=True, null=True)),
                ('ended', models.DateTimeField(blank=True, null=True)),
                ('heartbeat', models.DateTimeField(blank=True, null=True)),
                ('cancel_asked', models.DateTimeField(blank=True, null=True)),
                ('cancel_for', models.CharField(blank=True, max_length=40)),
                ('job', models.UUIDField(editable=False, null=True)),
                ('reader', models.CharField(blank=True, max_length=80)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='uploads', to=settings.AUTH_USER_MODEL)),
                ('cancel_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='uploads', to='organisations.organisation')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['state'], name='uploads_by_state')],
            },
        ),
    ]

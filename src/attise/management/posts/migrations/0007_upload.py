import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_creators_speak_the_dialect'),
        ('posts', '0006_unpublished'),
    ]

    operations = [
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('file_name', models.CharField(max_length=64, unique=True)),
                ('size_bytes', models.BigIntegerField()),
                ('begun_at_ms', models.BigIntegerField()),
                ('creator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.creator')),
            ],
            options={
                'indexes': [models.Index(fields=['creator', 'id'], name='posts_upload_of_creator'), models.Index(fields=['begun_at_ms'], name='posts_upload_old')],
            },
        ),
    ]

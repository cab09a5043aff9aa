import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('posts', '0007_upload'),
    ]

    operations = [
        migrations.AddField(model_name='post', name='pending_edits', field=models.JSONField(null=True)),
        migrations.AddField(model_name='unpublished', name='edits', field=models.JSONField(null=True)),
        migrations.AddField(model_name='unpublished', name='edited', field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.media')),
        migrations.AddField(model_name='unpublished', name='rendering_tries', field=models.SmallIntegerField(default=0)),
        migrations.AddField(model_name='unpublished', name='rendering_reason', field=models.CharField(blank=True, max_length=60)),
    ]

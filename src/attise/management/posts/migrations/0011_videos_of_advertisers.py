"""What is sent and not yet used is a creator's, or an advertiser's for its ads."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_sanctions_are_append_only'),
        ('posts', '0010_comments_on_ads'),
    ]

    operations = [
        migrations.AddField(
            model_name='unpublished',
            name='advertiser',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.advertiser'),
        ),
        migrations.AddField(
            model_name='upload',
            name='advertiser',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.advertiser'),
        ),
        migrations.AlterField(
            model_name='unpublished',
            name='creator',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.creator'),
        ),
        migrations.AlterField(
            model_name='upload',
            name='creator',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.creator'),
        ),
        migrations.AddIndex(
            model_name='unpublished',
            index=models.Index(fields=['advertiser', '-id'], name='posts_unpublished_of_brand'),
        ),
        migrations.AddIndex(
            model_name='upload',
            index=models.Index(fields=['advertiser', 'id'], name='posts_upload_of_brand'),
        ),
        migrations.AddConstraint(
            model_name='unpublished',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('advertiser__isnull', False), ('creator__isnull', True)), models.Q(('advertiser__isnull', True), ('creator__isnull', False)), _connector='OR'), name='posts_unpublished_one_owner'),
        ),
        migrations.AddConstraint(
            model_name='upload',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('advertiser__isnull', False), ('creator__isnull', True)), models.Q(('advertiser__isnull', True), ('creator__isnull', False)), _connector='OR'), name='posts_upload_one_owner'),
        ),
    ]

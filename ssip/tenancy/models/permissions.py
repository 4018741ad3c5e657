"""Guardian's group permissions in tables with a real foreign key.

In the generic table a row outlives its object, and a policy over it is a hundred times slower.
"""

from django.db import models
from guardian.models import GroupObjectPermissionBase

from ssip.tenancy.models.scopes import ICS, PSC, Organisation


class PSCGroupPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(PSC, on_delete=models.PROTECT)

    class Meta(GroupObjectPermissionBase.Meta):
        default_permissions = ()


class ICSGroupPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(ICS, on_delete=models.PROTECT)

    class Meta(GroupObjectPermissionBase.Meta):
        default_permissions = ()


class OrganisationGroupPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Organisation, on_delete=models.PROTECT)

    class Meta(GroupObjectPermissionBase.Meta):
        default_permissions = ()

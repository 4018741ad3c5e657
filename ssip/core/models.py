"""People, the audit, and the numbers of references."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class People(BaseUserManager["User"]):
    def create_user(self, email: str, name: str = "", password: str | None = None, **extra: Any) -> "User":
        """Without a password the account opens only by the link that is mailed to its address."""
        person = self.model(email=self.tidy(email), name=name, **extra)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=self.tidy(email or ""))

    @staticmethod
    def tidy(email: str) -> str:
        """One spelling of an address: trimmed, lower case."""
        return email.strip().lower()


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account, known by e-mail address. What they may do is in their grants."""

    email = models.EmailField("e-mail address", unique=True, max_length=254)
    name = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = People()

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="email_in_lower_case"),
        ]

    # People are the site's: what concerns a scope is a grant.
    scope = None

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)


class AuditEvent(models.Model):
    """One thing that was done. Appended by ssip_record_audit() alone; the scope has no foreign key on purpose.

    At commit the database seals it into the chain of its scope: its place, the hash of the row before, its own.
    """

    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    actor_roles = models.JSONField()
    scope_kind = models.CharField(max_length=12)
    scope_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=60)
    thing_kind = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    reference = models.CharField(max_length=60)
    data = models.JSONField()
    # Empty from the insert to the commit, and for nobody else to see.
    sequence = models.BigIntegerField(null=True)
    previous = models.CharField(max_length=64, null=True)  # noqa: DJ001  null: not sealed yet; "" before the first
    hash = models.CharField(max_length=64, null=True)  # noqa: DJ001

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["thing_kind", "thing_id", "id"], name="audit_of_a_thing"),
            models.Index(fields=["scope_kind", "scope_id", "at"], name="audit_of_a_scope_by_time"),
            models.Index(fields=["id"], name="audit_not_yet_sealed", condition=models.Q(sequence=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["scope_kind", "scope_id", "sequence"],
                name="one_audit_row_a_place",
                condition=models.Q(sequence__isnull=False),
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.reference or self.thing_kind}"


class AuditHead(models.Model):
    """Where the chain of a scope ends. Moved when rows are sealed, and locked by whoever seals."""

    scope_kind = models.CharField(max_length=12)
    scope_id = models.BigIntegerField()  # 0: the site
    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["scope_kind", "scope_id"], name="one_audit_head_a_scope")]

    def __str__(self) -> str:
        return f"{self.scope_kind}:{self.scope_id} {self.sequence}"


class AuditAnchor(models.Model):
    """A day on which the heads were written outside of the database and mailed: once, however often it is tried."""

    day = models.DateField(unique=True)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.day}"


class ReferenceNumber(models.Model):
    """The last number given in a scope for one kind of thing. Raised by ssip_next_number() alone."""

    scope_code = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    last = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["scope_code", "kind"], name="one_row_of_numbers")]

    def __str__(self) -> str:
        return f"{self.scope_code}-{self.kind}-{self.last}"

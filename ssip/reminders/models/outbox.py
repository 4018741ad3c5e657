"""The outbox: every mail waits here until the clock has handed it to the mail server."""

import uuid
from datetime import datetime
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ssip.reminders.models.ledger import Digest, Notice

WAITING = Q(sent_at__isnull=True, failed_at__isnull=True, dropped_at__isnull=True)


class MessageQuerySet(models.QuerySet["Message"]):
    def waiting(self) -> Self:
        """Not sent, not given up, and not found to be needless."""
        return self.filter(WAITING)

    def due(self, at: datetime) -> Self:
        """To be sent now, and in nobody's hands."""
        return self.waiting().filter(Q(lease_until__isnull=True) | Q(lease_until__lte=at), not_before__lte=at)


class Message(models.Model):
    """One mail to one person. The web adds rows by ssip_queue_mail() and cannot read them; the clock sends them.

    Only a mail as such (a link to sign in with) is kept in words; a notice or a digest gets its
    words when it is sent.
    """

    class Purpose(models.TextChoices):
        MAIL = "mail", "mail"
        NOTICE = "notice", "notice"
        DIGEST = "digest", "digest"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    purpose = models.CharField(max_length=6, choices=Purpose, default=Purpose.MAIL, db_default=Purpose.MAIL)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    digest = models.OneToOneField(Digest, on_delete=models.PROTECT, related_name="+", null=True)
    # Lowest first: whoever waits for a link to sign in with goes before everybody's news.
    priority = models.PositiveSmallIntegerField(default=0, db_default=0)
    to = models.EmailField(max_length=254)
    subject = models.TextField(blank=True)
    # Emptied at the end, however it ends: a link to sign in with lives no longer than it must.
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    # When it was due there was nothing left to say, or nobody left who may hear it.
    dropped_at = models.DateTimeField(null=True)
    # What kind of error it was and the mail server's code; never its words, which may quote the mail.
    error = models.CharField(max_length=100, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, failed_at__isnull=True)
                | Q(sent_at__isnull=True, dropped_at__isnull=True)
                | Q(failed_at__isnull=True, dropped_at__isnull=True),
                name="message_ends_one_way",
            ),
            models.CheckConstraint(condition=WAITING | Q(text="", html=""), name="no_words_kept_at_the_end"),
            models.CheckConstraint(
                condition=Q(purpose="mail", notice__isnull=True, digest__isnull=True)
                | Q(purpose="notice", notice__isnull=False, digest__isnull=True, recipient__isnull=False)
                | Q(purpose="digest", notice__isnull=True, digest__isnull=False, recipient__isnull=False),
                name="message_of_its_purpose",
            ),
            models.UniqueConstraint(fields=["notice", "recipient"], name="one_notice_a_person"),
        ]
        indexes = [
            models.Index(fields=["priority", "not_before"], condition=WAITING, name="messages_waiting"),
            models.Index(fields=["failed_at"], condition=Q(failed_at__isnull=False), name="messages_given_up"),
        ]

    # Mail is the site's.
    scope = None

    def __str__(self) -> str:
        return f"Message {self.pk}"

    @property
    def message_id(self) -> str:
        """The same at each try, so that a mail server or a reader can tell a repeated mail."""
        return f"<{self.pk}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"
